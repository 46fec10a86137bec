#include "base/json_walk.h"

#include "base/out.h"
#include "test/test.h"

#include "base/banned.h"

/* The steps of a text: "{k:a s:b n:1 t f z []}", or "!" at the end where it is refused. */
static struct str walked(struct ctx *c, struct str text)
{
    static const char marks[] = "!.{}[]ksntfz";
    struct json_walk w;
    struct out o;
    out_init(&o, c->arena, 1 << 20);
    json_walk_begin(&w, c->arena, text);
    for (;;) {
        enum json_step step = json_step(&w);
        out_char(&o, marks[step]);
        if (step == JSON_KEY || step == JSON_STRING || step == JSON_NUMBER)
            out_fmt(&o, "<%.*s>", ARGS(w.text));
        if (step == JSON_WRONG)
            CHECK(w.why && w.why_en);
        if (step == JSON_WRONG || step == JSON_END)
            return out_str(&o);
    }
}

TEST(a_walk_through_json)
{
    CHECK_STR(walked(c, S(" { \"a\" : [1, -2.5e+3,true,false,null , \"x\"], \"b\":{} ,\"c\":[]}\n")),
              S("{k<a>[n<1>n<-2.5e+3>tfzs<x>]k<b>{}k<c>[]}."));
    CHECK_STR(walked(c, S("\"\\u0110\\u1ea1i \\uD83D\\uDE00 \\\"\\\\\\/\\n\"")), S("s<Đại 😀 \"\\/\n>."));
    CHECK_STR(walked(c, S("0")), S("n<0>."));
    CHECK_STR(walked(c, S("\"\"")), S("s<>."));
}

TEST(what_is_not_json_is_refused)
{
    static const char *const texts[] = {
        "",        "{",           "[1,]",        "{\"a\":1,}", "{,}",     "[,1]",     "[1 2]",     "{\"a\" 1}",
        "{a:1}",   "'a'",         "01",          "1.",         ".5",      "-",        "+1",        "1e",
        "NaN",     "Infinity",    "tru",         "nulll",      "[1]]",    "1 2",      "\"a",       "\"\\x\"",
        "\"\\u12", "\"\\ud83d\"", "\"\\u0000\"", "\"\t\"",     "{\"a\"}", "{\"a\":}", "[\"a\":1]", "]"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct str got = walked(c, str_of(texts[i]));
        if (!str_ends(got, S("!")))
            test_failed(__FILE__, __LINE__, "%s is taken: %.*s", texts[i], ARGS(got));
    }
    CHECK_STR(walked(c, (struct str){"\"\xff\"", 3}), S("!"));
    CHECK_STR(walked(c, (struct str){"1\0", 2}), S("!"));
}

TEST(bounds_hold)
{
    struct out o;
    out_init(&o, c->arena, 1 << 20);
    for (int i = 0; i < JSON_DEPTH; i++)
        out_char(&o, '[');
    for (int i = 0; i < JSON_DEPTH; i++)
        out_char(&o, ']');
    CHECK(str_ends(walked(c, out_str(&o)), S(".")));
    out_init(&o, c->arena, 1 << 20);
    for (int i = 0; i < 100000; i++)
        out_char(&o, '[');
    CHECK(str_ends(walked(c, out_str(&o)), S("!")));
    out_init(&o, c->arena, 1 << 20);
    out_char(&o, '"');
    for (int i = 0; i <= JSON_TEXT; i++)
        out_char(&o, 'a');
    out_char(&o, '"');
    CHECK_STR(walked(c, out_str(&o)), S("!"));
}

TEST(a_value_may_be_passed_over)
{
    struct json_walk w;
    json_walk_begin(&w, c->arena, S("{\"a\":[{\"b\":[1,2]},3],\n\"c\":4}"));
    CHECK_INT(json_step(&w), JSON_OBJECT);
    CHECK_INT(json_step(&w), JSON_KEY);
    CHECK(json_pass(&w));
    CHECK_INT(json_step(&w), JSON_KEY);
    CHECK_STR(w.text, S("c"));
    CHECK_INT(json_walk_line(&w), 2);
    CHECK(json_pass(&w));
    CHECK_INT(json_step(&w), JSON_OBJECT_END);
    CHECK_INT(json_step(&w), JSON_END);
}
