-- What the lists of a plan's items (src/domain/plan/list.sql) walk along, each in the order of its page.

CREATE INDEX task_listed ON task (programme, plan, ordinal);
CREATE INDEX task_listed_by_kind ON task (programme, schedule_kind, plan, ordinal);
CREATE INDEX task_listed_by_due ON task (programme, due_day, plan, ordinal);
CREATE INDEX task_phase_by_task ON task_phase (plan, task, ordinal);
CREATE INDEX plan_body_by_item ON plan_body (plan, item, role, ordinal);
CREATE INDEX target_by_path ON target (plan, path, ordinal);
CREATE INDEX duty_by_org ON duty (org, plan, ordinal);
CREATE INDEX finding_by_path ON finding (plan, path, severity);
CREATE INDEX finding_by_other ON finding (plan, other);
CREATE INDEX finding_by_rule ON finding (rule, plan, ordinal);
CREATE INDEX finding_by_severity ON finding (severity, plan, ordinal);
