/* Compiles with a permission, and must not without one: see meson.build. */
#include "domain/op.h"

#include "base/banned.h"

#define ROW(...) OP(__VA_ARGS__) /* PERMISSION brings its own comma, so it is expanded first */
const struct op test_row = ROW("test.row", NULL, OP_READ, PERMISSION NULL, NULL, false, "", "");
