/* Which role may do what. doc/permissions.md gives the reason of each; a test compares the two. */
#include "domain/access/access.h"

#include "domain/org/org.h"

#include "base/banned.h"

#define MAY(permission) (1u << (permission))

static const struct {
    const char *role;
    unsigned may;
} roles[] = {
    {"admin", MAY(PERM_READ) | MAY(PERM_ADMIN)},
    {"office", MAY(PERM_READ) | MAY(PERM_HISTORY) | MAY(PERM_ENTER) | MAY(PERM_OFFICE)},
    {"planner", MAY(PERM_READ) | MAY(PERM_HISTORY) | MAY(PERM_PLAN)},
    {"leader", MAY(PERM_READ) | MAY(PERM_HISTORY) | MAY(PERM_DECIDE)},
    {"approver", MAY(PERM_READ) | MAY(PERM_ENTER) | MAY(PERM_APPROVE)},
    {"reporter", MAY(PERM_READ) | MAY(PERM_ENTER)},
    {"inspector", MAY(PERM_READ) | MAY(PERM_HISTORY)},
    {"viewer", MAY(PERM_READ)},
};

/* 0 for a word that is no role. */
static unsigned may_of(struct str role)
{
    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
        if (str_eq(role, str_of(roles[i].role)))
            return roles[i].may;
    return 0;
}

bool access_is_role(struct str role)
{
    return may_of(role) != 0;
}

bool access_role_may(struct str role, enum permission permission)
{
    return permission == PERM_PUBLIC || may_of(role) & MAY(permission);
}

bool access_may(const struct account *account, enum permission permission, int32_t day)
{
    if (permission == PERM_PUBLIC)
        return true;
    if (!account || account->disabled)
        return false;
    for (size_t i = 0; i < account->roles.n; i++) {
        const struct account_role *r = &account->roles.v[i];
        if (org_exists(r->valid_from, r->valid_to, day) && access_role_may(r->role, permission))
            return true;
    }
    return false;
}
