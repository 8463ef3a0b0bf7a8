"""A trial settlement in the shape of a bill, so that steps, bars and slip are drawn in one way."""

from django.utils.translation import gettext as _

from yingjin.insight import queries
from yingjin.insight.queries.bill_basis import level_zh


def as_bill(worked: queries.Quote) -> queries.BillPage:
    """Return a trial settlement as a bill that is nobody's yet: no key, no replay, nothing reported."""
    facts, outcome, facility = worked.facts, worked.outcome, worked.facility
    return queries.BillPage(
        bill_key="",
        bill_id=_("试算"),
        person_key=worked.person.person_key,
        name=worked.person.name,
        path=list(worked.person.path),
        facility_zh=facility.name,
        level_zh=level_zh(facility.level),
        setting=facts.setting,
        in_county=worked.in_county,
        designated=facility.designated,
        public=facility.public,
        admitted_on=facts.admitted_on,
        discharged_on=facts.discharged_on,
        diagnosis_zh=None,
        total_fen=facts.total_fen,
        out_of_scope_fen=facts.out_of_scope_fen,
        in_scope_fen=outcome.in_scope_fen,
        deductible_fen=outcome.deductible_fen,
        lines=list(worked.lines),
        own_payment_fen=outcome.own_payment_fen,
        own_in_scope_fen=outcome.own_payment_fen - facts.out_of_scope_fen,
        own_reported_fen=None,
        state="counted",
        state_zh="",
        incomplete_year=False,
        steps=list(outcome.steps),
        rulebook_version=worked.rulebook_version,
        rulebook_title_zh=worked.rulebook_title_zh,
        basis=[],
        replay_version=0,
        replayed_at=None,
        same_as_stored=True,
        year_before=worked.bills_before,
        bills_of_year=[],
        doctor_zh="",
        as_json={},
    )
