/* indicator_site.h - what the pages of this folder share. */
#ifndef HOALU_INDICATOR_SITE_H
#define HOALU_INDICATOR_SITE_H

#include "front/web/indicator/indicator_view.h"
#include "front/web/site.h"

/* Words of the data in the reader's language; an empty text for one that is none. */
const struct message *word_standing(struct str word);
const struct message *word_frequency(struct str word);

/* The moment that `?as-of=` (or `as_of`) asks for; DAY_NONE: now. */
MUST_USE enum err indicator_as_of(struct site *s, struct str *ret_text, int32_t *ret);
/* The same moment on another address. */
struct url indicator_keep(struct site *s, struct url u, struct str as_of);

struct str indicator_name(const struct site *s, const struct indicator *i);
struct figure_view indicator_figure(struct site *s, const struct indicator *i, const struct figure *f, int32_t period);
/* The address of a figure's page; `place` n == 0: the root, whose code is `root`. */
struct url figure_url(struct site *s, const struct indicator *i, struct str category, struct str place, int32_t period,
                      struct str as_of);
struct str place_name(struct site *s, const struct org_catalogue *catalogue, struct str code);

/* What an unreadable picture of a row of a list would say: values by time, and the share of the way. */
struct html indicator_spark(struct site *s, const struct standing *st, struct str title);
struct html indicator_pace(struct site *s, const struct standing_goal *g, struct str id);

/* A row of a list of indicators. */
struct indicator_line indicator_line(struct site *s, const struct standing *st, const struct standing_row *row,
                                     struct str as_of);

/* What the page of an indicator is made of, each by a file of its own. */
void indicator_chart(struct site *s, struct indicator_view *page);
MUST_USE enum err indicator_places_view(struct site *s, const struct standings *moment, struct indicator_view *page,
                                        const struct org_catalogue *catalogue);
MUST_USE enum err indicator_origin(struct site *s, const struct standings *moment, const struct indicator *i,
                                   struct str category, struct str place, int32_t period, const struct figure *figure,
                                   struct str as_of, struct origin_view *ret);

#endif
