"""Addresses of papers and exports."""

from django.urls import path

from yingjin.console.pages import cancelling, exports, papers

urlpatterns = [
    path("bills/<str:key>/slip.pdf", papers.slip, name="slip_pdf"),
    path("households/<str:key>/sheet.pdf", papers.household, name="household_pdf"),
    path("households/<str:key>/print/", papers.print_household, name="household_print"),
    path("households/<str:key>/code/revoke/", papers.revoke, name="household_code_revoke"),
    path("summary.pdf", papers.place, name="summary_pdf"),
    path("h/<slug:token>/", papers.opened, name="household_code"),
    path("exports/", exports.show, name="exports"),
    path("exports/new/", exports.new, name="export_new"),
    path("exports/<uuid:key>/file/", exports.download, name="export_file"),
    path("exports/<uuid:key>/cancel/", cancelling.export, name="export_cancel"),
    path("exports/<uuid:key>/again/", exports.again, name="export_again"),
]
