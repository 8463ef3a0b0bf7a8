"""Every reading that pages may ask for. Each takes the reader first and returns only what that reader may see."""

from yingjin.insight.queries.bills import bill as bill
from yingjin.insight.queries.find import find as find
from yingjin.insight.queries.gap_detail import gap as gap
from yingjin.insight.queries.gap_week import gap_week as gap_week
from yingjin.insight.queries.gap_week import last_acts as last_acts
from yingjin.insight.queries.gap_work import evidence_seen as evidence_seen
from yingjin.insight.queries.gap_work import gap_keys as gap_keys
from yingjin.insight.queries.gap_work import told_changes as told_changes
from yingjin.insight.queries.gaps import gap_keys_of as gap_keys_of
from yingjin.insight.queries.gaps import gap_rows as gap_rows
from yingjin.insight.queries.gaps import gaps as gaps
from yingjin.insight.queries.held import bill_of_decision as bill_of_decision
from yingjin.insight.queries.held import held_bill as held_bill
from yingjin.insight.queries.held import held_bills as held_bills
from yingjin.insight.queries.households import household as household
from yingjin.insight.queries.letters import letter as letter
from yingjin.insight.queries.letters import letters as letters
from yingjin.insight.queries.looking import looks as looks
from yingjin.insight.queries.overview import overview as overview
from yingjin.insight.queries.persons import MergedInto as MergedInto
from yingjin.insight.queries.persons import person as person
from yingjin.insight.queries.places import as_of as as_of
from yingjin.insight.queries.places import place_path as place_path
from yingjin.insight.queries.places import places_below as places_below
from yingjin.insight.queries.quality import quality as quality
from yingjin.insight.queries.quotes import BadQuote as BadQuote
from yingjin.insight.queries.quotes import Quote as Quote
from yingjin.insight.queries.quotes import QuoteFacts as QuoteFacts
from yingjin.insight.queries.quotes import quote as quote
from yingjin.insight.queries.region import region as region
from yingjin.insight.queries.shapes import *  # noqa: F403
from yingjin.insight.queries.unmasking import MaskedNumbers as MaskedNumbers
from yingjin.insight.queries.unmasking import masked_numbers as masked_numbers
from yingjin.insight.queries.unmasking import unmasked as unmasked
from yingjin.insight.queries.window import window as window
from yingjin.insight.queries.window import window_person as window_person
