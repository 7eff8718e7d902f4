"""What the protobuf files promise: every mechanism is a typed kind; what enters is bounded."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import protovalidate
import pytest
from google.protobuf import descriptor as pd
from google.protobuf.message import Message

from buf.validate import validate_pb2
from collab.v1 import body_pb2, common_pb2, submission_pb2
from collab.v1 import clue_pb2 as clue
from collab.v1 import event_pb2 as ev
from collab.v1 import notification_pb2 as notification
from collab.v1 import recommendation_pb2 as recommendation
from collab.v1 import verbs_pb2 as verbs

ROOT = Path(__file__).parent.parent
ROWS = {
    "assistance": [*range(1, 13)],
    "clue": [*range(13, 29), 66, 70, 76, 77],
    "notification": [*range(29, 41), 62, 64, 65, 71, 72, 78],
    "consultation": [23, 27, *range(45, 57), 65, 67, 68, 69, 71, 73, 75],
    "recommendation": [28, 41, 42, 43, 44, 63, 64, 73, 74, 76],
    "datashare": [22, 24, *range(57, 63)],
}
"""The rows of mechanisms by family; a row of two families stands in both."""

SAMPLES = {
    "^[0-9]{4}-[0-9]{2}-[0-9]{2}$": "2026-12-01",
    "^[0-9a-f]{32}$": "0123456789abcdef" * 2,
    "^[a-z][a-z0-9-]{0,31}$": "beijing",
    "^[a-z][a-z0-9-]{0,31}/[a-z0-9][a-z0-9-]{0,63}$": "beijing/office-{n}",
    "^[A-Za-z0-9][A-Za-z0-9_.:-]{0,127}$": "P-{n}",
    "^[a-z0-9][a-z0-9-]{0,63}$": "guest-{n}",
    "^[a-z][a-z_]{0,31}$": "closed",
    "^[A-Z][A-Za-z]{1,63}$": "Acknowledged",
    "^[A-Z][A-Z_]{1,47}$": "WRONG_STEP",
    "^[a-z][a-z0-9_]{0,63}(\\.[a-z][a-z0-9_]{0,63}){0,3}$": "place",
}
"""A text for each pattern that must be filled in."""


@pytest.fixture(scope="module")
def catalogue() -> Iterator[ModuleType]:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT / "schemas"))
        yield importlib.import_module("catalogue")


@pytest.fixture(scope="module")
def image(catalogue: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    generate = importlib.import_module("generate")
    work = tmp_path_factory.mktemp("schemas")
    found: bytes = generate.generate(work / "python", work).read_bytes()
    return found


def rules(field: pd.FieldDescriptor) -> validate_pb2.FieldRules:
    found: validate_pb2.FieldRules = field.GetOptions().Extensions[validate_pb2.field]
    return found


def reachable(*roots: pd.Descriptor) -> dict[str, pd.Descriptor]:
    """Give every message of ours that can stand in one of these."""
    found: dict[str, pd.Descriptor] = {}
    todo = list(roots)
    while todo:
        message = todo.pop()
        if message.full_name not in found:
            found[message.full_name] = message
            todo += [field.message_type for field in message.fields if field.message_type]
    return found


ENTERING = reachable(submission_pb2.Draft.DESCRIPTOR, ev.Envelope.DESCRIPTOR)


def fill(message: Message, chosen: str = "") -> Message:
    """Fill in what the rules ask for, no more; of the first oneof, the field `chosen`."""
    for field in message.DESCRIPTOR.fields:
        rule = rules(field)
        if field.containing_oneof is not None:
            if field.name == chosen:
                fill(getattr(message, field.name)).SetInParent()
        elif field.is_repeated:
            values = getattr(message, field.name)
            for n in range(rule.repeated.min_items):
                if field.message_type is not None:
                    fill(values.add())
                else:
                    values.append(scalar(field, rule.repeated.items, n))
        elif field.message_type is not None:
            if rule.required:
                fill(getattr(message, field.name)).SetInParent()
        elif rule.ignore != validate_pb2.IGNORE_IF_ZERO_VALUE:
            setattr(message, field.name, scalar(field, rule, 0))
    return message


def scalar(field: pd.FieldDescriptor, rule: validate_pb2.FieldRules, n: int) -> object:
    if field.enum_type is not None:
        wanted = 0 in rule.enum.not_in
        return [one.number for one in field.enum_type.values if one.number or not wanted][n]
    if field.type == field.TYPE_BYTES:
        return bytes([n]) * (rule.bytes.len or rule.bytes.min_len)
    if field.type == field.TYPE_STRING:
        empty = rule.string.pattern in SAMPLES
        text = SAMPLES[rule.string.pattern] if empty else "文" * rule.string.min_len
        return text.format(n=n)
    if field.type == field.TYPE_BOOL:
        return False
    kind = rule.WhichOneof("type")
    limits = getattr(rule, kind) if kind else None
    return max(limits.gt + 1 if limits.HasField("gt") else 0, limits.gte) if limits else 0


def broken(message: Message) -> list[str]:
    """Give the rules that a message breaks, by the field at fault."""
    found = []
    for one in protovalidate.collect_violations(message):
        path = one.proto.field.elements if one.proto.field is not None else []
        found.append(f"{'.'.join(part.field_name for part in path)}: {one.proto.rule_id}")
    return found


OPENINGS: list[tuple[str, str, int]] = [
    (field.name, value.name, value.number)
    for field in body_pb2.Body.DESCRIPTOR.fields
    for inner in field.message_type.fields
    if inner.name in ("kind", "kinds") and inner.enum_type.name.endswith("Kind")
    if field.name != "objected"
    for value in inner.enum_type.values
    if value.number
]
"""Each field of the body that opens a matter, with each kind that its enum knows."""


def test_every_mechanism_has_a_kind_in_each_of_its_families(
    catalogue: ModuleType, image: bytes
) -> None:
    found: dict[str, set[int]] = {family: set() for family in ROWS}
    for kind in catalogue.kinds(catalogue.read(image)):
        found[kind.family].add(kind.row)
    assert found == {family: set(rows) for family, rows in ROWS.items()}
    assert set().union(*found.values()) == set(range(1, 79))


def test_details_are_named_after_their_kind(catalogue: ModuleType) -> None:
    count = 0
    for family, (_, _, openings) in catalogue.FAMILIES.items():
        if family == "assistance":  # older than the convention; its lifecycle names the fields
            continue
        for opening in openings:
            message = body_pb2.Body.DESCRIPTOR.fields_by_name[snake(opening)].message_type
            kind = message.fields_by_name["kind"].enum_type
            kinds = {one.name.removeprefix(snake(kind.name).upper() + "_") for one in kind.values}
            details = {one.name: one for one in message.fields if one.number >= 20}
            assert {name.upper() for name in details} <= kinds
            assert all(one.containing_oneof.name == "details" for one in details.values())
            count += len(details)
    assert count > 100


def snake(name: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).removeprefix("_")


@pytest.mark.parametrize(("field", "kind", "number"), OPENINGS)
def test_each_kind_can_be_sent_with_what_its_rules_ask_for(
    field: str, kind: str, number: int
) -> None:
    body = body_pb2.Body()
    opening = getattr(body, field)
    single = "kind" in opening.DESCRIPTOR.fields_by_name
    enum = opening.DESCRIPTOR.fields_by_name["kind" if single else "kinds"].enum_type
    details = kind.removeprefix(snake(enum.name).upper() + "_").lower()
    fill(opening, details)
    if single:
        opening.kind = number
    else:
        opening.kinds[:] = [number]
    if field == "recommendation_issued":
        opening.important = kind.endswith("IMPORTANT_RECOMMENDATION")
    if field == "case_notified" and details not in opening.DESCRIPTOR.fields_by_name:
        opening.text = "文"
    if single and details in opening.DESCRIPTOR.fields_by_name:
        assert opening.HasField(details)
    if field == "case_notified" and opening.WhichOneof("details") is not None:
        opening.text_sha256 = bytes(32)
    assert broken(body) == []
    # And what is filled in was asked for: without its required fields the opening is refused.
    assert broken(body_pb2.Body(**{field: type(opening)()}))


@pytest.mark.parametrize("field", [one.name for one in body_pb2.Body.DESCRIPTOR.fields])
def test_each_act_can_be_sent_with_what_its_rules_ask_for(field: str) -> None:
    body = body_pb2.Body()
    act = fill(getattr(body, field))
    act.SetInParent()
    if field == "case_notified":
        body.case_notified.text = "文"
    if field == "clue_reviewed":
        body.clue_reviewed.decision = clue.REVIEW_DECISION_ACCEPTED
    if field == "objection_decided":
        body.objection_decided.outcome = recommendation.OBJECTION_OUTCOME_UPHELD
    if field == "assessed":
        body.assessed.assessment = recommendation.ASSESSMENT_SATISFIED
    assert broken(body) == []


def test_every_enum_value_has_a_chinese_comment(catalogue: ModuleType, image: bytes) -> None:
    schema = catalogue.read(image)
    bare = [
        f"{enum.name}.{value.name}"
        for enum in schema.enums.values()
        for value in enum.value
        if value.number
        and not catalogue.CHINESE.search(schema.comments[f"{enum.name}.{value.name}"])
    ]
    assert len(schema.enums) > 50
    assert bare == []


def test_every_act_begins_its_comment_in_chinese(catalogue: ModuleType, image: bytes) -> None:
    schema = catalogue.read(image)
    acts = [one.message_type.name for one in body_pb2.Body.DESCRIPTOR.fields]
    assert [act for act in acts if not catalogue.CHINESE.match(schema.comments[act])] == []


def test_the_committed_catalogue_is_current(catalogue: ModuleType, image: bytes) -> None:
    committed = (ROOT / "docs" / "catalogue.md").read_text("utf-8")
    assert committed == catalogue.document(catalogue.read(image)), "run: make schemas"


def test_nothing_that_enters_is_unbounded() -> None:
    loose = [
        f"{message.name}.{field.name}"
        for message in ENTERING.values()
        for field in message.fields
        if not bounded(field)
    ]
    assert loose == []


def bounded(field: pd.FieldDescriptor) -> bool:
    """Tell whether a rule bounds how long a field is, or which values it has."""
    rule = rules(field)
    if field.is_repeated:
        if not rule.repeated.max_items:
            return False
        if field.message_type is not None:
            return True
        rule = rule.repeated.items
    if field.type == field.TYPE_STRING:
        return bool(rule.string.max_len or rule.string.pattern)
    if field.type == field.TYPE_BYTES:
        return bool(rule.bytes.max_len or rule.bytes.len)
    return field.enum_type is None or rule.enum.defined_only


def test_nothing_that_enters_is_free_form_or_rounded() -> None:
    for message in ENTERING.values():
        assert message.full_name.startswith("collab.v1."), message.full_name
        for field in message.fields:
            named = f"{message.name}.{field.name}"
            assert field.type not in (field.TYPE_DOUBLE, field.TYPE_FLOAT), named
            assert field.message_type is None or not field.message_type.GetOptions().map_entry
            if field.name.endswith("fen"):
                assert field.type == field.TYPE_UINT64, named
            if "sha256" in field.name:
                assert field.type == field.TYPE_BYTES, named


IDENTIFIER = "^[A-Za-z0-9][A-Za-z0-9_.:-]{0,127}$"
OFFICE = "^[a-z][a-z0-9-]{0,31}/[a-z0-9][a-z0-9-]{0,63}$"
NAMELESS = ("person", "suspect", "minor", "enterprise", "taxpayer", "lawyer", "applicant", "prison")


def test_persons_and_enterprises_are_named_by_an_identifier() -> None:
    seen = 0
    for message in ENTERING.values():
        if message.file.name == "collab/v1/assistance.proto":  # older: free text, up to 128
            continue
        for field in message.fields:
            if field.name.removesuffix("s") in NAMELESS and field.type == field.TYPE_STRING:
                rule = rules(field)
                text = rule.repeated.items.string if field.is_repeated else rule.string
                assert text.pattern in (IDENTIFIER, f"^({IDENTIFIER[1:-1]})?$", OFFICE), (
                    f"{message.name}.{field.name}"
                )
                seen += 1
    assert seen > 20


SUBJECT = common_pb2.Subject(kind=common_pb2.SUBJECT_KIND_PERSON, id="P-1")


@pytest.mark.parametrize("name", ["王某", "Wang Wei", "", "-1", "x" * 129])
def test_a_name_is_no_identifier(name: str) -> None:
    assert broken(SUBJECT) == []
    assert broken(common_pb2.Subject(kind=common_pb2.SUBJECT_KIND_PERSON, id=name)) == [
        "id: string.pattern"
    ]


def test_a_period_ends_after_it_begins() -> None:
    assert broken(common_pb2.Period(from_date="2026-01-01", until_date="2026-01-01")) == []
    assert broken(common_pb2.Period(from_date="2026-01-02", until_date="2026-01-01")) == [
        ": period.ends_after_it_begins"
    ]


def test_what_stays_outside_the_bus_carries_a_reference_and_no_text() -> None:
    kind = notification.NOTIFICATION_KIND_CONSULAR_NOTICE
    reference = common_pb2.Reference(holder="市外办", number="2026-7")
    notice = notification.CaseNotified(kind=kind, title="领事通知", consular_notice=reference)
    assert broken(notice) == []
    notice.text = "某国公民因涉嫌犯罪被羁押"
    assert broken(notice) == [": case_notified.off_bus_without_contents"]


def test_a_notice_says_something() -> None:
    kind = notification.NOTIFICATION_KIND_GUIDELINE
    notice = notification.CaseNotified(kind=kind, title="工作指引")
    assert broken(notice) == [": case_notified.says_something"]
    notice.text_sha256 = bytes(32)
    assert broken(notice) == []


DETAILS = notification.CaseNotified.DESCRIPTOR.oneofs_by_name["details"].fields


@pytest.mark.parametrize("field", [field.name for field in DETAILS])
def test_the_details_of_a_kind_say_something_but_those_of_a_text_dont(field: str) -> None:
    """003§13: what others are told of is the text itself, by its words or its digest."""
    kind = notification.NOTIFICATION_KIND_GUIDELINE
    notice = notification.CaseNotified(kind=kind, title="通报")
    fill(getattr(notice, field))
    getattr(notice, field).SetInParent()
    text = field == "normative_document"
    assert (": case_notified.says_something" in broken(notice)) is text
    notice.text_sha256 = bytes(32)
    assert ": case_notified.says_something" not in broken(notice)


def test_an_important_recommendation_has_its_flag() -> None:
    issued = recommendation.RecommendationIssued()
    fill(issued)
    issued.kind = recommendation.RECOMMENDATION_KIND_IMPORTANT_RECOMMENDATION
    assert broken(issued) == [": recommendation_issued.important"]
    issued.important = True
    assert broken(issued) == []


def test_a_clue_is_returned_for_a_reason() -> None:
    returned = clue.ClueReviewed(decision=clue.REVIEW_DECISION_RETURNED)
    assert broken(returned) == [": clue_reviewed.returned_has_reason"]
    returned.reason = verbs.RETURN_REASON_INSUFFICIENT
    returned.text = "线索不具体"
    assert broken(returned) == []


def test_a_reply_is_rejected_with_a_text_and_a_recommendation_amended_with_demands() -> None:
    assessed = recommendation.Assessed(assessment=recommendation.ASSESSMENT_REJECTED)
    assert broken(assessed) == [": assessed.rejected_has_text"]
    decided = recommendation.ObjectionDecided(
        outcome=recommendation.OBJECTION_OUTCOME_AMENDED, text="变更第二项"
    )
    assert broken(decided) == [": objection_decided.amended_has_demands"]


def test_a_correction_corrects_no_correction() -> None:
    corrected = body_pb2.Corrected(number=3, fields=["place"], reason="笔误")
    assert broken(corrected) == []
    corrected.body.commented.text = "备注"
    assert broken(corrected) == []
    corrected.body.corrected.CopyFrom(body_pb2.Corrected(number=2, fields=["place"], reason="笔误"))
    assert broken(corrected) == [": corrected.no_correction_of_a_correction"]


def test_what_only_assistance_wants_is_asked_for_by_its_lifecycle_alone() -> None:
    assert broken(verbs.Accepted(officer="李静")) == []
    assert broken(verbs.Completed()) == []
    assert broken(verbs.Completed(transcript_sha256=b"short")) == ["transcript_sha256: bytes.len"]


@pytest.mark.parametrize(
    ("thread", "allowed"),
    [
        ("main", True),
        ("local", True),
        ("track/beijing/haidian", True),
        ("copy/report/beijing/provincial", True),
        ("track/guest/g-17", True),
        (f"track/{'r' * 32}/{'o' * 64}", True),
        ("track/", False),
        ("track//haidian", False),
        ("Track/beijing", False),
        ("track/beijing/海淀", False),
        ("a/b/c/d/e", False),
        ("main\n", False),
        ("t" * 128, False),
    ],
)
def test_threads_are_main_tracks_and_copies(thread: str, allowed: bool) -> None:
    for message in (submission_pb2.Draft(thread=thread), ev.Envelope(thread=thread)):
        found = [one for one in broken(message) if one.startswith("thread:")]
        assert (not found) == allowed


def test_a_draft_addresses_a_region_where_an_event_names_the_office() -> None:
    draft = submission_pb2.Draft()
    fill(draft).body.acknowledged.SetInParent()
    draft.submission_id, draft.network = "submission-1", "jingjinji"
    draft.addressees.add(region="hebei", role=ev.ROLE_EXECUTOR)
    draft.office, draft.thread = "beijing/daxing", "main"
    assert broken(draft) == []
    nameless = ev.Participant(role=ev.ROLE_EXECUTOR)
    nameless.route.region = "hebei"
    nameless.route.rule = ev.ROUTING_RULE_BONDED_ZONE
    assert broken(nameless) == ["office: string.pattern"]
    nameless.office = "hebei/langfang"
    assert broken(nameless) == []
