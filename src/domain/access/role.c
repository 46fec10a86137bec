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

static const char *const names[] = {[PERM_PUBLIC] = "public", [PERM_READ] = "read",       [PERM_HISTORY] = "history",
                                    [PERM_ENTER] = "enter",   [PERM_APPROVE] = "approve", [PERM_OFFICE] = "office",
                                    [PERM_PLAN] = "plan",     [PERM_DECIDE] = "decide",   [PERM_ADMIN] = "admin"};

enum permission access_permission_named(struct str word)
{
    for (enum permission p = PERM_READ; p < PERM_COUNT; p++)
        if (str_eq(word, str_of(names[p])))
            return p;
    return 0;
}

struct str access_permission_name(enum permission permission)
{
    return str_of(names[permission]);
}

bool access_role_may(struct str role, enum permission permission)
{
    return permission == PERM_PUBLIC || may_of(role) & MAY(permission);
}

/* Whoever works on items or watches over those who do; not who tends the system, and not who only looks on. */
bool access_role_sees(struct str role)
{
    return may_of(role) & (MAY(PERM_HISTORY) | MAY(PERM_ENTER));
}

bool access_role_holds(const struct account_role *r, int32_t day)
{
    return org_exists(r->valid_from, r->valid_to, day);
}
