#include "test/test.h"

#include "base/banned.h"
