#include "base/emit.h"
#include "base/period.h"
#include "test/test.h"

#include <string.h>

#include "base/banned.h"

struct part {
    struct str name;
    int64_t count;
};
RECORD(part_record, struct part, "part", "A part.",
       {.name = "name", .type = FIELD_TEXT, .offset = offsetof(struct part, name), .doc = "its name", .required = true},
       {.name = "count", .type = FIELD_I64, .offset = offsetof(struct part, count), .doc = "how many", .unit = "cái"});

struct whole {
    bool open;
    int64_t id;
    double value;
    struct str title, state, hash;
    int32_t due;
    struct strs tags;
    struct part part;
    struct {
        struct part *v;
        size_t n;
    } parts;
};
#define AT(member) offsetof(struct whole, member)
RECORD(whole_record, struct whole, "whole", "Every type there is.",
       {.name = "open", .type = FIELD_BOOL, .offset = AT(open), .doc = "open"},
       {.name = "id", .type = FIELD_I64, .offset = AT(id), .doc = "id", .required = true},
       {.name = "value", .type = FIELD_F64, .offset = AT(value), .doc = "value", .unit = "%"},
       {.name = "title", .type = FIELD_TEXT, .offset = AT(title), .doc = "title"},
       {.name = "state", .type = FIELD_TEXT, .offset = AT(state), .doc = "state", .one_of = "done|late"},
       {.name = "hash", .type = FIELD_BYTES, .offset = AT(hash), .doc = "hash"},
       {.name = "due", .type = FIELD_DAY, .offset = AT(due), .doc = "due"},
       {.name = "tags", .type = FIELD_TEXTS, .offset = AT(tags), .doc = "tags"},
       {.name = "part", .type = FIELD_RECORD, .offset = AT(part), .of = &part_record, .doc = "part"},
       {.name = "parts", .type = FIELD_LIST, .offset = AT(parts), .of = &part_record, .doc = "parts"});

static const struct whole nothing = {.id = I64_NONE, .value = NAN, .due = DAY_NONE, .part = {.count = I64_NONE}};

static struct whole something(struct ctx *c)
{
    struct whole w = {.open = true,
                      .id = 57,
                      .value = 99.5,
                      .title = S("Sở \"KH\""),
                      .state = S("late"),
                      .hash = S("\x01\xff"),
                      .part = {S("a"), 1}};
    CHECK(day_parse(S("2026-11-30"), &w.due));
    w.tags.v = NEWN(c->arena, struct str, 2);
    w.tags.v[0] = S("x");
    w.tags.v[1] = S("y");
    w.tags.n = 2;
    w.parts.v = NEW(c->arena, struct part);
    w.parts.v[0] = (struct part){S("b"), 2};
    w.parts.n = 1;
    return w;
}

static struct str printed(struct ctx *c, enum emit_form form, const struct whole *w)
{
    struct out o;
    struct emit e;
    out_init(&o, c->arena, 1 << 20);
    emit_init(&e, &o, form);
    emit_record(&e, &whole_record, w);
    CHECK(!o.failed);
    return out_str(&o);
}

TEST(a_record_as_json)
{
    struct whole w = something(c);
    CHECK_STR(
        printed(c, EMIT_JSON, &w),
        S("{\"open\":true,\"id\":57,\"value\":99.5,\"title\":\"Sở \\\"KH\\\"\",\"state\":\"late\",\"hash\":\"01ff\","
          "\"due\":\"2026-11-30\",\"tags\":[\"x\",\"y\"],\"part\":{\"name\":\"a\",\"count\":1},"
          "\"parts\":[{\"name\":\"b\",\"count\":2}]}\n"));
    CHECK_STR(printed(c, EMIT_JSON, &nothing), S("{\"open\":false,\"id\":null,\"value\":null,\"title\":null,\"state\":"
                                                 "null,\"hash\":null,\"due\":null,\"tags\":[],"
                                                 "\"part\":{\"name\":null,\"count\":null},\"parts\":[]}\n"));
}

TEST(json_for_people_is_indented)
{
    struct out o;
    struct emit e;
    out_init(&o, c->arena, 1000);
    emit_init(&e, &o, EMIT_JSON_LINES);
    emit_map(&e);
    emit_key(&e, S("a"));
    emit_list(&e);
    emit_i64(&e, 1);
    emit_map(&e);
    emit_end(&e);
    emit_end(&e);
    emit_key(&e, S("b"));
    emit_null(&e);
    emit_end(&e);
    CHECK_STR(out_str(&o), S("{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\": null\n}\n"));
}

TEST(text_for_a_terminal)
{
    struct out o;
    struct emit e;
    out_init(&o, c->arena, 1000);
    emit_init(&e, &o, EMIT_TEXT);
    emit_map(&e);
    emit_key(&e, S("a"));
    emit_text(&e, S("một"));
    emit_key(&e, S("b"));
    emit_list(&e);
    emit_map(&e);
    emit_key(&e, S("x"));
    emit_i64(&e, 1);
    emit_key(&e, S("y"));
    emit_bool(&e, true);
    emit_end(&e);
    emit_text(&e, S("hai"));
    emit_end(&e);
    emit_end(&e);
    CHECK_STR(out_str(&o), S("a: một\nb: \n  - x: 1\n    y: true\n  - hai\n"));
}

static struct str json(struct ctx *c, struct str s)
{
    struct out o;
    out_init(&o, c->arena, 1000);
    out_json_string(&o, s);
    return out_str(&o);
}

TEST(json_strings_escape_what_they_must)
{
    CHECK_STR(json(c, S("")), S("\"\""));
    CHECK_STR(json(c, S("Đường “x” – €")), S("\"Đường “x” – €\""));
    CHECK_STR(json(c, S("a\"b\\c\nd\te")), S("\"a\\\"b\\\\c\\nd\\te\""));
    CHECK_STR(json(c, S("\x01\x1f\r\x7f\0z")), S("\"\\u0001\\u001f\\u000d\\u007f\\u0000z\""));
    CHECK_STR(json(c, S("a\u2028b\u2029\u202a\u20a8")), S("\"a\\u2028b\\u2029\u202a\u20a8\""));
    CHECK_STR(json(c, S("\u2028")), S("\"\\u2028\""));
}

static struct str row_of(struct ctx *c, const char *title, double value)
{
    struct whole w = nothing;
    struct out o;
    w.title = str_of(title);
    w.value = value;
    out_init(&o, c->arena, 1000);
    csv_row(&o, &whole_record, &w);
    return out_str(&o);
}

TEST(csv_has_a_column_for_each_value_and_quotes)
{
    struct out o;
    out_init(&o, c->arena, 1000);
    csv_header(&o, &whole_record);
    CHECK_STR(out_str(&o), S("open,id,value,title,state,hash,due,tags,part.name,part.count\r\n"));
    struct whole w = something(c);
    out_init(&o, c->arena, 1000);
    csv_row(&o, &whole_record, &w);
    CHECK_STR(out_str(&o), S("true,57,99.5,\"Sở \"\"KH\"\"\",late,01ff,2026-11-30,\"x; y\",a,1\r\n"));
    CHECK_STR(row_of(c, "a,b", NAN), S("false,,,\"a,b\",,,,,,\r\n"));
    CHECK_STR(row_of(c, "a\nb", NAN), S("false,,,\"a\nb\",,,,,,\r\n"));
}

TEST(csv_guards_formulas_and_leaves_numbers)
{
    CHECK_STR(row_of(c, "=1+1", NAN), S("false,,,\"'=1+1\",,,,,,\r\n"));
    CHECK_STR(row_of(c, "@SUM(A1)", NAN), S("false,,,\"'@SUM(A1)\",,,,,,\r\n"));
    CHECK_STR(row_of(c, "\t=1", NAN), S("false,,,\"'\t=1\",,,,,,\r\n"));
    CHECK_STR(row_of(c, "-1+cmd|'x'!A1", NAN), S("false,,,\"'-1+cmd|'x'!A1\",,,,,,\r\n"));
    CHECK_STR(row_of(c, "- Chủ trì", NAN), S("false,,,\"'- Chủ trì\",,,,,,\r\n"));
    CHECK_STR(row_of(c, "-5", NAN), S("false,,,-5,,,,,,\r\n"));
    CHECK_STR(row_of(c, "-1.234,5", NAN), S("false,,,\"-1.234,5\",,,,,,\r\n"));
    CHECK_STR(row_of(c, "+84 229 3871", NAN), S("false,,,+84 229 3871,,,,,,\r\n"));
    CHECK_STR(row_of(c, "-", NAN), S("false,,,-,,,,,,\r\n"));
    CHECK_STR(row_of(c, "x", -5.5), S("false,,-5.5,x,,,,,,\r\n"));
}

TEST(a_field_is_found_by_its_name)
{
    CHECK(record_field(&whole_record, S("due"))->type == FIELD_DAY);
    CHECK(record_field(&whole_record, S("Due")) == NULL && record_field(&whole_record, S("")) == NULL);
}

TEST(the_schema_says_type_unit_and_words)
{
    struct out o;
    struct emit e;
    out_init(&o, c->arena, 10000);
    emit_init(&e, &o, EMIT_JSON);
    record_schema(&e, &part_record);
    CHECK_STR(out_str(&o), S("{\"title\":\"part\",\"type\":\"object\",\"properties\":{\"name\":{\"type\":\"string\","
                             "\"description\":\"its name\"},"
                             "\"count\":{\"type\":[\"integer\",\"null\"],\"description\":\"how many "
                             "[cái]\"}},\"required\":[\"name\"]}\n"));
    out_init(&o, c->arena, 10000);
    emit_init(&e, &o, EMIT_JSON);
    record_schema(&e, &whole_record);
    CHECK(!o.failed);
    CHECK(str_has(out_str(&o), S("\"state\":{\"type\":[\"string\",\"null\"],\"enum\":[\"done\",\"late\",null]")));
    CHECK(str_has(out_str(&o), S("\"due\":{\"type\":[\"string\",\"null\"],\"format\":\"date\"")));
    CHECK(str_has(out_str(&o), S("\"parts\":{\"type\":\"array\",\"items\":{\"title\":\"part\"")));
    out_init(&o, c->arena, 10000);
    emit_init(&e, &o, EMIT_JSON);
    record_schema_given(&e, &part_record);
    CHECK(str_has(out_str(&o), S("\"required\":[\"name\",\"count\"]")));
}

/* Sixteen bytes are looked at together: each byte is told at each place among them. */
TEST(what_json_escapes_is_seen_wherever_it_stands)
{
    for (unsigned b = 1; b < 256; b++)
        for (size_t at = 0; at < 20; at++) {
            char text[20];
            struct out o;
            bool plain = b >= 0x20 && b != '"' && b != '\\' && b != 0x7f;
            memset(text, at % 2 ? 'a' : ' ', sizeof text);
            text[at] = (char)b;
            out_init(&o, c->arena, 1 << 10);
            out_json_string(&o, (struct str){text, sizeof text});
            struct str got = out_str(&o);
            CHECK(got.n >= 22 && got.p[0] == '"' && got.p[got.n - 1] == '"');
            CHECK(plain == (got.n == 22));
            CHECK(plain ? memcmp(got.p + 1, text, 20) == 0 : got.p[at + 1] == '\\');
        }
}
