/* os.h - what the operating system says, in words for a person, and what it takes to put a finished file in its place.
 *
 * Memory: none. Threads: any. */
#ifndef HOALU_OS_H
#define HOALU_OS_H

/* Why a call failed: Vietnamese first, with the English after it. Errors that nobody can mend from their name keep the
 * system's own words. The text is constant, or strerror's. */
const char *os_reason(int number);

/* Give a finished file its name, unless there is one of that name by now: EEXIST then, and both stay as they are. Not
 * every file system can do so in one go; there the look comes before. 0, or an errno. */
int os_publish(const char *temporary, const char *file);

#endif
