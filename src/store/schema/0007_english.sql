-- What is told of a plan and of bodies, in English as well. Rows from before have none and are shown in Vietnamese.

ALTER TABLE finding ADD COLUMN message_en TEXT;
ALTER TABLE org_kind ADD COLUMN name_en TEXT;
