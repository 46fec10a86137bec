/* A program that does nothing, to be measured beside one that does something (see meson.build). */
#include "base/banned.h"

int main(void)
{
    return 0;
}
