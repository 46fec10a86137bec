/* attempts.h - how often somebody was wrong, so that guessing is slow and nobody can lock anybody else out.
 *
 * Wrong passwords and codes are counted by account and address together, and by address and by account over all. A
 * browser that the account has signed in with before (struct attempt.device) has a count of its own, and is let try
 * whatever others do: who guesses at an account from elsewhere does not keep its owner out.
 *
 * An attempt is counted when it begins and forgiven when it was right, so that a hundred at once count as a hundred.
 * Counts stand in the memory of this process, in a table of a fixed size; with several nodes each has its own.
 *
 * Threads: any. */
#ifndef HOALU_ATTEMPTS_H
#define HOALU_ATTEMPTS_H

#include "base/ctx.h"

struct attempts;
struct attempts *attempts_new(struct arena *owner, struct source source);

struct attempt {
    bool write; /* no guess, but one of many requests that change something: of `account`, else of `address` */
    struct str account;
    struct str address; /* without port; of IPv6 its first 64 bits count */
    struct str device;  /* token of a browser known for this account; n == 0: none */
};

/* Begin one. 0: go on. Else how long, in microseconds, until another may be made; nothing was counted. */
int64_t attempts_begin(struct attempts *a, int64_t now_us, const struct attempt *attempt);
/* It was right. */
void attempts_forgive(struct attempts *a, const struct attempt *attempt);

#endif
