"""The rows of every kind, as text, in the order of the declared columns."""

from collections.abc import Callable, Iterator, Mapping
from random import Random

from yingjin.basics.money import plain_yuan
from yingjin.fusion.formats import kinds
from yingjin.jobs.county.assumptions import assumed, illnesses, names
from yingjin.jobs.county.bills import settled_on
from yingjin.jobs.county.county import County
from yingjin.jobs.county.people import CANCELLING, Bill, Held, Person
from yingjin.jobs.county.poverty import LIFTED
from yingjin.jobs.county.registers import HEALTH, INSURANCE, POVERTY, Entry
from yingjin.jobs.county.slips import Pen
from yingjin.jobs.county.streams import stream

Row = list[str]
SEX_CODE = {"male": "1", "female": "2"}
SEX_WORD = {"male": "男", "female": "女"}


class Rows:
    """Write the county's rows, one kind after another."""

    def __init__(self, county: County) -> None:
        self.county = county
        self.entries = {register: county.entries_of(register) for register in county.entries}
        self.blank = {kind.name: [""] * len(kind.columns) for kind in kinds().values()}
        self.place_of = {
            kind.name: {column.name: place for place, column in enumerate(kind.columns)}
            for kind in kinds().values()
        }

    def row(self, kind: str, cells: Mapping[str, str]) -> Row:
        """Return a row with these cells, the others blank. Errors: KeyError for a title the kind has not."""
        row, place_of = self.blank[kind].copy(), self.place_of[kind]
        for title, cell in cells.items():
            row[place_of[title]] = cell
        return row

    def listed(self, kind: str, wanted: Callable[[Entry], bool]) -> Iterator[Row]:
        """Yield the rows of one of the two name lists."""
        county, chance = self.county, stream(self.county.seed, f"list {kind}")
        chosen = [
            entry
            for entry in county.entries[POVERTY]
            if county.poverty.kind_of[county.persons[entry.person].household] == kind and wanted(entry)
        ]
        shared: dict[int, dict[str, str]] = {}
        for position, entry in enumerate(chosen, 1):
            person = county.persons[entry.person]
            if person.household not in shared:
                shared[person.household] = self.household_cells(person.household, kind, chance)
            village = county.villages[entry.village]
            yield self.row(
                kind,
                shared[person.household]
                | {
                    "序号": str(position),
                    "乡(镇)": village.township_name,
                    "行政村": village.name,
                    "人编号": entry.number,
                    "姓名": entry.name,
                    "证件号码": entry.identity_no,
                    "与户主关系": person.relation,
                    "民族": person.ethnic_group,
                    "人联系电话": person.phone,
                    "人员识别时间": max(county.poverty.since[person.household], person.born_on).isoformat(),
                }
                | self.personal_cells(person, chance),
            )

    def household_cells(self, number: int, kind: str, chance: Random) -> dict[str, str]:
        """Return what every member's row says of the household."""
        county = self.county
        household = county.households[number]
        monitored = self.monitored(household.members)
        since = county.poverty.since[number].isoformat()
        cells = {
            "数据日期": county.last_day.isoformat(),
            "县(市、区、旗)": county.home.name,
            "自然村": f"{chance.choice('一二三四五六七八')}组",
            "户编号": county.household_numbers[number],
            "人数": str(len(household.members)),
            "是否参加大病保险": "是",
            "致贫原因1": chance.choice(names()["causes"]),
            "危房户": "否",
            "是否解决安全饮用水": "是",
            "人均纯收入": plain_yuan(chance.randrange(600_000, 2_200_000)),
            "户联系电话": county.persons[household.members[0]].phone,
            "首次识别时间": since,
            "户类型": "脱贫户" if kind == LIFTED else "边缘易致贫户",
        }
        if monitored:
            cells["易返贫致贫户(监测对象)类型"] = "脱贫不稳定户" if kind == LIFTED else "边缘易致贫户"
            cells["风险是否消除"] = "是" if monitored.valid_to else "否"
            cells["风险识别时间"] = monitored.valid_from.isoformat()
            cells["风险消除时间"] = monitored.valid_to.isoformat() if monitored.valid_to else ""
        return cells

    def monitored(self, members: list[int]) -> Held | None:
        """Find the time in which a household was monitored."""
        held = self.county.poverty.held[members[0]]
        return next((one for one in held if one.category in ("C15", "C16")), None)

    def personal_cells(self, person: Person, chance: Random) -> dict[str, str]:
        """Return what a row says of schooling, health and work."""
        age = self.county.last_day.year - person.born_on.year
        pupil = 6 <= age <= 15
        work_age = 16 <= age <= 59
        ill = person.number in self.county.confirmed
        return {
            "文化程度": ("学龄前儿童" if age < 6 else "小学" if age < 13 or age > 55 else "初中"),
            "在校生状况": "义务教育在校生" if pupil else "非在校生",
            "健康状况": "长期慢性病" if ill else "健康",
            "劳动技能": "普通劳动力" if work_age and not ill else "无劳动力" if not work_age else "弱劳动力",
            "务工时间（月）": str(chance.randrange(0, 12)) if work_age and not ill else "0",
        }

    def categories(self, wanted: Callable[[Entry], bool]) -> Iterator[Row]:
        """Yield the dated categories of the people in a part of the register."""
        bases = names()["bases"]
        for entry in self.county.entries[POVERTY]:
            if entry.duplicate or not wanted(entry):
                continue
            for held in self.county.poverty.held[entry.person]:
                yield [
                    entry.number,
                    held.category,
                    held.valid_from.isoformat(),
                    held.valid_to.isoformat() if held.valid_to else "",
                    bases[held.category],
                ]

    def changes(self, wanted: Callable[[Entry], bool]) -> Iterator[Row]:
        """Yield what happened to the people in a part of the register."""
        evidence = names()["evidence"]
        for entry in self.county.entries[POVERTY]:
            if entry.duplicate or not wanted(entry):
                continue
            for change in self.county.poverty.changes.get(entry.person, ()):
                yield [entry.number, change.what, change.on.isoformat(), change.due, evidence[change.what]]

    def enrolments(self, year: int) -> Iterator[Row]:
        """Yield the enrolment of one year; a duplicate number is enrolled in the last year alone."""
        county = self.county
        for entry in county.entries[INSURANCE]:
            if entry.person not in county.enrolled[year] or (entry.duplicate and year < county.last_day.year):
                continue
            yield [
                entry.number,
                entry.identity_no,
                entry.name,
                SEX_CODE[entry.sex],
                entry.born_on.isoformat(),
                str(year),
                county.villages[entry.village].code,
            ]

    def facilities(self) -> Iterator[Row]:
        """Yield the facility list: the county's own, and in the first county's list those outside it too."""
        said = {True: "yes", False: "no"}
        home = self.county.home
        for one in self.county.facilities.every:
            if not home.first and not one.code.startswith((f"H{home.code}1", f"H{home.code}00")):
                continue
            yield [one.code, one.name, one.county_code, one.level, said[one.designated], said[one.public]]

    def records(self) -> Iterator[Row]:
        """Yield the health records."""
        chance = stream(self.county.seed, "records")
        for entry in self.county.entries[HEALTH]:
            person = self.county.persons[entry.person]
            opened = person.born_on.replace(
                year=max(2010, person.born_on.year + 1), month=chance.randrange(1, 13), day=15
            )
            yield [
                entry.number,
                entry.name,
                entry.identity_no,
                SEX_WORD[entry.sex],
                entry.born_on.isoformat(),
                self.county.villages[entry.village].code,
                min(opened, self.county.last_day).isoformat(),
                person.phone,
            ]

    def conditions(self) -> Iterator[Row]:
        """Yield the confirmed conditions of people with a record; a code once, by its first day."""
        hospital = self.county.facilities.by_level["L2"]
        chance = stream(self.county.seed, "confirming")
        for entry in self.first_records():
            for one in self.county.confirmed.get(entry.person, ()):
                illness = illnesses()[one.illness]
                where = hospital.one(chance).code
                yield [entry.number, illness.code, illness.name, one.on.isoformat(), where]

    def treatments(self) -> Iterator[Row]:
        """Yield the treatments."""
        for entry in self.first_records():
            for one in self.county.care.treatments.get(entry.person, ()):
                code = illnesses()[one.illness].code
                yield [entry.number, code, one.on.isoformat(), one.kind, one.facility.code]

    def contracts(self) -> Iterator[Row]:
        """Yield the family-doctor contracts."""
        for entry in self.first_records():
            for one in self.county.care.contracts.get(entry.person, ()):
                until = one.valid_to.isoformat() if one.valid_to else ""
                yield [entry.number, one.doctor, one.team, one.valid_from.isoformat(), until]

    def first_records(self) -> Iterator[Entry]:
        """Yield the health records that are no duplicate."""
        return (entry for entry in self.county.entries[HEALTH] if not entry.duplicate)

    def settlements(self, year: int) -> Iterator[Row]:
        """Yield what was settled in a year, cancelling rows among it."""
        chance = stream(self.county.seed, f"settlement rows {year}")
        pen = Pen(chance, assumed()["slips"])
        for bill in self.county.bills:
            if settled_on(bill).year == year:
                yield self.settlement(bill, pen)

    def settlement(self, bill: Bill, pen: Pen) -> Row:
        """Write one settlement: who, where, when, and the money, taken back where it cancels."""
        entry = self.payer_number(bill)
        facility, paid = bill.facility, bill.reported
        sign = -1 if bill.state == CANCELLING else 1
        out_fen, own_fen = bill.out_of_scope_fen, bill.total_fen - paid.funds
        wholly_own_fen = out_fen * 3 // 5
        money = {
            "medfee_sumamt": bill.total_fen,
            "fulamt_ownpay_amt": wholly_own_fen,
            "preselfpay_amt": out_fen - wholly_own_fen,
            "inscp_scp_amt": bill.total_fen - out_fen,
            "act_pay_dedc": paid.deductible,
            "hifp_pay": paid.basic,
            "hifmi_pay": paid.critical_illness,
            "maf_pay": paid.assistance,
            "fund_pay_sumamt": paid.funds,
            "psn_pay": own_fen,
            "cash_payamt": own_fen,
        }
        name, identity_no = self.on_the_bill(entry, pen)
        cells = dict.fromkeys(kinds()["settlement"].money_titles, "0.00")
        cells |= {title: plain_yuan(sign * fen) for title, fen in money.items()}
        cells |= {
            "setl_id": bill.number,
            "mdtrt_id": f"JZ{bill.number}",
            "psn_no": entry.number,
            "psn_name": name,
            "certno": identity_no,
            "gend": SEX_CODE[entry.sex],
            "brdy": entry.born_on.isoformat(),
            "insutype": "390",
            "fixmedins_code": facility.code,
            "fixmedins_name": facility.name,
            "hosp_lv": bill.hosp_lv,
            "begndate": bill.admitted_on.isoformat(),
            "enddate": bill.discharged_on.isoformat(),
            "setl_time": f"{settled_on(bill).isoformat()} 10:{int(bill.number[-4:-2]) % 60:02}:00",
            "med_type": bill.med_type,
            "refd_setl_flag": "1" if sign < 0 else "0",
            "year": str(settled_on(bill).year),
            "dscg_maindiag_code": bill.diagnosis,
            "cancels_setl_id": bill.cancels,
        }
        return self.row("settlement", cells)

    def payer_number(self, bill: Bill) -> Entry:
        """Return the insurance entry a bill is settled under; a cancelling one under the same."""
        entries = self.entries[INSURANCE][bill.person]
        own = bill.cancels or bill.number
        return entries[int(own) % 3 // 2] if len(entries) > 1 else entries[0]

    def on_the_bill(self, entry: Entry, pen: Pen) -> tuple[str, str]:
        """Return name and number as the bill has them; now and then they disagree with the register."""
        rules = assumed()["slips"]
        name, identity_no = entry.name, entry.identity_no
        if pen.chance.random() < rules["row_name"]:
            name = pen.misspelt(name)
        if len(identity_no) == 18 and pen.chance.random() < rules["row_identity"]:
            identity_no = pen.mistyped(identity_no) if identity_no[:17].isdigit() else identity_no
        return name, identity_no
