"""What is said of a step, in Chinese and in English; `words` chooses and fills in."""

from yingjin.policy.domain.terms import Text

PHRASES = {
    # Headings
    "in_scope": Text("先分出目录外的费用", "First take out what is out of scope"),
    "counted": Text("看这张单据该不该付", "Whether this bill is paid for at all"),
    "deductible": Text("减起付线", "Take the deductible off"),
    "own_payment": Text("本人付", "The patient pays"),
    "layer_pays": Text("{layer}付 {rate}", "{layer} pays {rate}"),
    "layer_pays_nothing": Text("{layer}不付", "{layer} pays nothing"),
    # Numbers
    "points": Text("{points} 个百分点", "{points} percentage points"),
    "age": Text("{years} 岁", "aged {years}"),
    "age_unknown": Text("不知道年龄（登记册没有出生日期）", "of unknown age (no register has a birthday)"),
    # Facts
    "in_county": Text("县内", "in the county"),
    "outside_county": Text("县外", "outside the county"),
    "designated": Text("定点", "designated"),
    "not_designated": Text("非定点", "not designated"),
    "public": Text("公立", "public"),
    "not_public": Text("非公立", "not public"),
    "inpatient": Text("住院", "inpatient stay"),
    "outpatient": Text("门诊", "outpatient visit"),
    "no_category": Text("没有登记的身份", "no registered category"),
    # Sentences
    "why_in_scope": Text(
        "总费用减去目录外费用，剩下的是目录内费用。",
        "The total cost less what is out of scope leaves the in-scope cost.",
    ),
    "why_not_counted": Text("{why}。", "{why}."),
    "why_counted": Text(
        "{level}（{place}）{setting}。{day} 这天 {age}，{held}。",
        "{level} ({place}), {setting}. On {day}: {age}; {held}.",
    ),
    "only_tried": Text(
        "这张单据暂不入账，只试算，不动累计。",
        "This bill is held: it is only tried out and moves no accumulation.",
    ),
    "below_deductible": Text(
        "起付线 {line} 元，目录内费用不到这个数，全由本人付。",
        "The deductible is {line} yuan; the in-scope cost is below it, so the patient pays it all.",
    ),
    "above_deductible": Text(
        "起付线 {line} 元由本人付，以上的部分才报销。",
        "The patient pays the deductible of {line} yuan; what is above it is reimbursed.",
    ),
    "why_clause": Text("{clause}。", "{clause}."),
    "raised": Text("同级 {base}，加 {added}。", "The level's own rate is {base}, plus {added}."),
    "raised_at_most": Text(
        "同级 {base}，加 {added}，最多 {most}。",
        "The level's own rate is {base}, plus {added}, at most {most}.",
    ),
    "instead": Text(
        "也符合“{clauses}”，取对病人最有利的一条。",
        "“{clauses}” would apply too; the one best for the patient is taken.",
    ),
    "between_clauses": Text("”“", "”, “"),
    "not_above": Text(
        "{clause}。到这张是 {total} 元，没有超过 {threshold} 元。",
        "{clause}. With this bill it is {total} yuan, not above {threshold} yuan.",
    ),
    "not_above_stacked": Text(
        "{clause}。按年累计，到这张是 {total} 元，没有超过 {threshold} 元。",
        "{clause}. Accumulated over the year it is {total} yuan with this bill, not above {threshold} yuan.",
    ),
    "whole": Text("{clause}。超过以后全部算。", "{clause}. Once it is exceeded, all of it counts."),
    "whole_stacked": Text(
        "{clause}。按年累计，超过以后全部算。",
        "{clause}. Accumulated over the year; once it is exceeded, all of it counts.",
    ),
    "excess": Text("{clause}。只算本次超过的部分。", "{clause}. Only what this bill adds above it counts."),
    "excess_stacked": Text(
        "{clause}。按年累计，只算本次超过的部分。",
        "{clause}. Accumulated over the year; only what this bill adds above it counts.",
    ),
    "no_clause": Text(
        "这个人当天的身份不在{layer}的范围里。",
        "On that day the person holds no category that {layer} pays for.",
    ),
    "nobody_pays": Text(
        "三张网都不付，总费用全由本人付。", "None of the three nets pays: the patient pays it all."
    ),
    "why_own_payment": Text(
        "目录内各方付完剩下的，加上目录外的费用。",
        "What is left in scope after every payer, plus what is out of scope.",
    ),
    # Sums
    "less": Text("，减 ", ", take off "),
    "paid": Text("，付 ", ", pays "),
    "own_in_scope": Text("目录内 ", "in scope "),
    "own_out_of_scope": Text(" ＋ 目录外 ", " ＋ out of scope "),
    # The year so far
    "paid_this_year": Text("今年{layer}已付", "paid by {layer} this year"),
    "readings": Text("读法 {readings}", "readings {readings}"),
}


def phrase(name: str, english: bool) -> str:
    """Return a phrase as it stands."""
    text = PHRASES[name]
    return text.en if english else text.zh
