"""What `yingjin settle --help` says after the options."""

EPILOG = """\
输入（UTF-8 或 GB18030，逗号分隔，列的次序不限，多出的列不用、只提醒一次）
input (UTF-8 or GB18030, commas, columns in any order, further columns ignored and named once):

  persons.csv     person_id,born_on
  categories.csv  person_id,category,valid_from,valid_to      半开区间，valid_to 空着表示至今
                                                              half open; a blank end is open
  bills.csv       bill_id,person_id,setting,level,in_county,designated,public,
                  admitted_on,discharged_on,total,out_of_scope

  日期 2026-11-22；金额 1234.50；是否写 yes 或 no；setting 写 inpatient 或 outpatient；
  level 写 L1 到 L4；category 写 C01 到 C11、C14 到 C18（C12、C13 由规则书推出，不登记）；
  门诊的 admitted_on 可以空着。
  days 2026-11-22; money 1234.50; yes or no; inpatient or outpatient; levels L1 to L4; categories C01 to C11 and
  C14 to C18 (C12 and C13 follow from the others); an outpatient visit may leave admitted_on blank.

结果（UTF-8，按账单文件的次序）  result (UTF-8, in the bills' order):

  bill_id,person_id,total,out_of_scope,in_scope,deductible,basic,critical_illness,assistance,
  own_payment,own_share_of_total,rulebook_version           中间几列随规则书的各层
                                                            the payers' columns follow the rulebook

一人一年的账单按出院日、入院日、账单号重放，次序与文件里的次序无关。
A person's bills of a year are replayed by discharge day, admission day and bill id, whatever their order in the file.

退出码：0 结算了；2 输入有错，全部列出，除 --errors 外不动任何文件。新文件只有本人能读（0600）。
Exit: 0 settled; 2 input errors, all listed, no file touched but --errors. New files are readable by you alone (0600).

例  example:
  yingjin settle --rulebook hezhang --persons persons.csv --categories categories.csv --bills bills.csv \\
                 --out settled.csv --explain explain.jsonl --errors errors.csv --reading P09=relative
"""
