"""Every field is declared hidden or kept, so that a copy for others can never leak one by being forgotten."""

from django.apps import apps


def our_models():
    return [model for model in apps.get_models() if model.__module__.startswith("yingjin.")]


def test_every_field_is_hidden_or_kept():
    wrong = []
    for model in our_models():
        declared = getattr(model, "Privacy", None)
        if declared is None or "Privacy" not in vars(model):
            wrong.append(f"{model.__name__}: no Privacy")
            continue
        fields = {field.name for field in model._meta.concrete_fields}
        hide, keep = set(declared.hide), set(declared.keep)
        for problem, names in {
            "in neither": fields - hide - keep,
            "in both": hide & keep,
            "no such field": (hide | keep) - fields,
        }.items():
            if names:
                wrong.append(f"{model.__name__}: {problem}: {', '.join(sorted(names))}")
    assert our_models(), "No model was found: this test looked in the wrong place."
    assert not wrong, "\n".join(wrong)


def test_identity_like_fields_are_hidden():
    telling = ("identity_number", "full_name", "name_pinyin", "payload", "phone", "password")
    kept = [
        f"{model.__name__}.{field.name}"
        for model in our_models()
        for field in model._meta.concrete_fields
        if field.name in telling and field.name in getattr(model, "Privacy", model).keep
    ]
    assert not kept, kept
