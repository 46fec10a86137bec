/* banned.h - included last by every .c file: calls that overflow, lie about errors or hide state do not compile.
 * Memory comes from an arena; base/ alone may call malloc and says so by defining BASE_MAY_ALLOCATE first. */
#ifndef HOALU_BANNED_H
#define HOALU_BANNED_H

#undef sprintf
#undef vsprintf
#undef alloca
#pragma GCC poison strcpy strcat sprintf vsprintf strncpy strncat strtok gets atoi atol atoll atof rand srand system
#pragma GCC poison popen localtime gmtime alloca tmpnam mktemp
#ifndef BASE_MAY_ALLOCATE
#pragma GCC poison malloc calloc realloc strdup strndup
#endif

#endif
