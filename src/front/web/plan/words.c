#include "front/web/plan/words.h"

#include "base/banned.h"

struct word {
    struct str word;
    const struct message *said;
};

static const struct message *word_of(const struct word *words, size_t n, struct str word)
{
    static const struct message unknown = {0};
    for (size_t i = 0; i < n; i++)
        if (str_eq(word, words[i].word))
            return words[i].said;
    return &unknown;
}

const struct message *word_schedule(struct str word)
{
    static const struct word words[] = {{S0("deadline"), &M_schedule_deadline},
                                        {S0("period"), &M_schedule_period},
                                        {S0("yearly"), &M_schedule_yearly},
                                        {S0("half_yearly"), &M_schedule_half_yearly},
                                        {S0("quarterly"), &M_schedule_quarterly},
                                        {S0("monthly"), &M_schedule_monthly},
                                        {S0("continuous"), &M_schedule_continuous},
                                        {S0("from"), &M_schedule_from},
                                        {S0("relative"), &M_schedule_relative},
                                        {S0("event"), &M_schedule_event},
                                        {S0("none"), &M_schedule_none}};
    return word_of(words, sizeof words / sizeof *words, word);
}

const struct message *word_severity(struct str word)
{
    static const struct word words[] = {
        {S0("error"), &M_severity_error}, {S0("warning"), &M_severity_warning}, {S0("info"), &M_severity_info}};
    return word_of(words, sizeof words / sizeof *words, word);
}

const struct message *word_least(struct str word)
{
    static const struct word words[] = {{S0("error"), &M_least_error}, {S0("warning"), &M_least_warning}};
    return word_of(words, sizeof words / sizeof *words, word);
}

const struct message *word_measure(struct str word)
{
    static const struct word words[] = {{S0("level"), &M_way_level},
                                        {S0("growth"), &M_way_growth},
                                        {S0("rank"), &M_way_rank},
                                        {S0("state"), &M_way_state}};
    return word_of(words, sizeof words / sizeof *words, word);
}

const struct message *word_rule(struct str word)
{
    static const struct word words[] = {{S0("described_target"), &M_rule_described_target},
                                        {S0("duty_without_body"), &M_rule_duty_without_body},
                                        {S0("everyone_coordinates"), &M_rule_everyone_coordinates},
                                        {S0("group_leads"), &M_rule_group_leads},
                                        {S0("group_without_number"), &M_rule_group_without_number},
                                        {S0("growth_without_period"), &M_rule_growth_without_period},
                                        {S0("issue_date_missing"), &M_rule_issue_date_missing},
                                        {S0("no_baseline"), &M_rule_no_baseline},
                                        {S0("no_deadline"), &M_rule_no_deadline},
                                        {S0("no_lead"), &M_rule_no_lead},
                                        {S0("no_measure"), &M_rule_no_measure},
                                        {S0("no_product"), &M_rule_no_product},
                                        {S0("outside_period"), &M_rule_outside_period},
                                        {S0("repeated_number"), &M_rule_repeated_number},
                                        {S0("report_day_missing"), &M_rule_report_day_missing},
                                        {S0("run_or_study"), &M_rule_run_or_study},
                                        {S0("scan_slip"), &M_rule_scan_slip},
                                        {S0("single_lead"), &M_rule_single_lead},
                                        {S0("table_not_read"), &M_rule_table_not_read},
                                        {S0("target_conflict"), &M_rule_target_conflict},
                                        {S0("target_repeated"), &M_rule_target_repeated},
                                        {S0("target_unserved"), &M_rule_target_unserved},
                                        {S0("task_uncounted"), &M_rule_task_uncounted},
                                        {S0("too_many_bodies"), &M_rule_too_many_bodies},
                                        {S0("unknown_body"), &M_rule_unknown_body}};
    return word_of(words, sizeof words / sizeof *words, word);
}
