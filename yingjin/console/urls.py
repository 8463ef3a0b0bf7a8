"""Addresses of the console."""

from django.contrib.auth.decorators import login_not_required
from django.urls import path
from django.views.i18n import set_language

from yingjin.console.pages import (
    audit,
    bill,
    figures,
    find,
    gaps,
    household,
    imports,
    login,
    overview,
    person,
    quality,
    region,
    region_changes,
    rules,
)

urlpatterns = [
    path("", overview.show, name="overview"),
    path("gaps/", gaps.show, name="gaps"),
    path("gaps.csv", gaps.download, name="gaps_csv"),
    path("find/", find.show, name="find"),
    path("persons/<uuid:key>/", person.show, name="person"),
    path("persons/<uuid:key>/number/", audit.number, name="number"),
    path("persons/<uuid:key>/looked/", audit.who_looked, name="who_looked"),
    path("households/<str:key>/", household.show, name="household"),
    path("bills/<str:key>/", bill.show, name="bill"),
    path("bills/<str:key>/slip/", bill.slip, name="slip"),
    path("bills/<str:key>/json/", bill.as_json, name="bill_json"),
    path("regions/", region.show, name="regions"),
    path("regions/changes/", region_changes.show, name="region_changes"),
    path("regions/changes.csv", region_changes.download, name="region_changes_csv"),
    path("regions/<str:code>/", region.show, name="region"),
    path("quality/<slug:kind>/", quality.show, name="quality"),
    path("imports/", imports.show, name="imports"),
    path("imports/<uuid:key>/", imports.one, name="import"),
    path("imports/<uuid:key>/land/", imports.land, name="import_land"),
    path("imports/<uuid:key>/drop/", imports.drop, name="import_drop"),
    path("imports/<uuid:key>/wait/", imports.take_back, name="import_take_back"),
    path("imports/<uuid:key>/undo/", imports.undo, name="import_undo"),
    path("imports/<uuid:key>/marked/<slug:sha256>/", imports.marked, name="import_marked"),
    path("rules/", rules.show, name="rules"),
    path("figures/", figures.show, name="figures"),
    path("figures/<str:key>/", figures.one, name="figure"),
    path("language/", login_not_required(set_language), name="language"),
    path("login/", login.Login.as_view(), name="login"),
    path("logout/", login.Logout.as_view(), name="logout"),
]
