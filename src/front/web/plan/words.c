#include "front/web/plan/words.h"

#include "base/banned.h"

struct word {
    const char *word;
    const struct message *said;
};

static const struct message *word_of(const struct word *words, size_t n, struct str word)
{
    static const struct message unknown = {{S0(""), S0("")}};
    for (size_t i = 0; i < n; i++)
        if (str_eq(word, str_of(words[i].word)))
            return words[i].said;
    return &unknown;
}

const struct message *word_schedule(struct str word)
{
    static const struct word words[] = {{"deadline", &M_schedule_deadline},
                                        {"period", &M_schedule_period},
                                        {"yearly", &M_schedule_yearly},
                                        {"half_yearly", &M_schedule_half_yearly},
                                        {"quarterly", &M_schedule_quarterly},
                                        {"monthly", &M_schedule_monthly},
                                        {"continuous", &M_schedule_continuous},
                                        {"from", &M_schedule_from},
                                        {"relative", &M_schedule_relative},
                                        {"event", &M_schedule_event},
                                        {"none", &M_schedule_none}};
    return word_of(words, sizeof words / sizeof *words, word);
}

const struct message *word_severity(struct str word)
{
    static const struct word words[] = {
        {"error", &M_severity_error}, {"warning", &M_severity_warning}, {"info", &M_severity_info}};
    return word_of(words, sizeof words / sizeof *words, word);
}

const struct message *word_least(struct str word)
{
    static const struct word words[] = {{"error", &M_least_error}, {"warning", &M_least_warning}};
    return word_of(words, sizeof words / sizeof *words, word);
}

const struct message *word_measure(struct str word)
{
    static const struct word words[] = {
        {"level", &M_way_level}, {"growth", &M_way_growth}, {"rank", &M_way_rank}, {"state", &M_way_state}};
    return word_of(words, sizeof words / sizeof *words, word);
}

const struct message *word_rule(struct str word)
{
    static const struct word words[] = {{"described_target", &M_rule_described_target},
                                        {"duty_without_body", &M_rule_duty_without_body},
                                        {"everyone_coordinates", &M_rule_everyone_coordinates},
                                        {"group_leads", &M_rule_group_leads},
                                        {"group_without_number", &M_rule_group_without_number},
                                        {"growth_without_period", &M_rule_growth_without_period},
                                        {"issue_date_missing", &M_rule_issue_date_missing},
                                        {"no_baseline", &M_rule_no_baseline},
                                        {"no_deadline", &M_rule_no_deadline},
                                        {"no_lead", &M_rule_no_lead},
                                        {"no_measure", &M_rule_no_measure},
                                        {"no_product", &M_rule_no_product},
                                        {"outside_period", &M_rule_outside_period},
                                        {"repeated_number", &M_rule_repeated_number},
                                        {"report_day_missing", &M_rule_report_day_missing},
                                        {"run_or_study", &M_rule_run_or_study},
                                        {"scan_slip", &M_rule_scan_slip},
                                        {"single_lead", &M_rule_single_lead},
                                        {"table_not_read", &M_rule_table_not_read},
                                        {"target_conflict", &M_rule_target_conflict},
                                        {"target_repeated", &M_rule_target_repeated},
                                        {"target_unserved", &M_rule_target_unserved},
                                        {"task_uncounted", &M_rule_task_uncounted},
                                        {"too_many_bodies", &M_rule_too_many_bodies},
                                        {"unknown_body", &M_rule_unknown_body}};
    return word_of(words, sizeof words / sizeof *words, word);
}
