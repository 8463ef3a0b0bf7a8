"""The list of gaps under the fingers: filter, move, open, sort, page, take away."""

from tests.support.exported import rows_of, taken_away


def row_focused(page) -> int:
    return page.evaluate(
        "() => [...document.querySelectorAll('table.rows tbody tr')].indexOf(document.activeElement)"
    )


def test_j_moves_down_the_list_after_filtering(window):
    page = window()
    page.goto("/gaps/")
    page.locator("label", has_text="签").first.click()
    page.wait_for_url("**due=contracted**")
    page.wait_for_function(
        "() => [...document.querySelectorAll('table.rows tbody td:nth-child(2) .st')].every((each) => each.textContent.trim() === '签')"
    )
    page.locator("table.rows tbody tr").first.focus()
    page.keyboard.press("j")
    assert row_focused(page) == 1
    page.keyboard.press("j")
    page.keyboard.press("k")
    assert row_focused(page) == 1
    assert page.locator("table.rows tbody tr[tabindex='0']").count() == 1


def test_enter_opens_the_row_beside_the_list_and_the_list_stays(window):
    page = window()
    page.goto("/gaps/")
    second = page.locator("table.rows tbody tr").nth(1)
    name = second.locator("th a").inner_text()
    page.locator("table.rows tbody tr").first.focus()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_selector("#one-in .facts")
    assert name in page.locator("#one-in h2").inner_text()
    assert row_focused(page) == 1


def test_typing_in_a_filter_moves_nothing(window):
    page = window()
    page.goto("/find/?q=li")
    page.locator("main input[name=q]").focus()
    page.keyboard.type("jk")
    assert "jk" in page.locator("main input[name=q]").input_value()
    assert row_focused(page) == -1


def test_filtering_changes_list_answer_counts_and_file_together(window):
    page = window()
    page.goto("/gaps/")
    page.locator("label", has_text="保").first.click()
    page.wait_for_url("**due=insured**")
    page.wait_for_function("() => document.querySelector('#csv').href.includes('due=insured')")
    total = page.locator("#answer b").first.inner_text()
    assert total in page.locator(".pages").inner_text()
    assert page.locator("#due-insured").is_checked()


def test_the_filter_works_without_a_script_too(browser, desk, states):
    context = browser.new_context(
        base_url=desk.address, storage_state=states["xian"], java_script_enabled=False
    )
    page = context.new_page()
    page.goto("/gaps/")
    page.locator("#due-contracted").check(force=True)
    page.get_by_role("button", name="筛选").click()
    assert "due=contracted" in page.url
    assert set(page.locator("table.rows tbody td:nth-child(2)").all_inner_texts()) == {"签"}
    context.close()


def test_a_column_sorts_and_turns_round(window):
    page = window()
    page.goto("/gaps/")
    by_name = page.locator("th a.sort", has_text="姓名")
    by_name.click()
    assert page.locator("th[aria-sort=ascending]").inner_text().startswith("姓名")
    first = page.locator("table.rows tbody th").first.inner_text()
    by_name.click()
    assert page.locator("th[aria-sort=descending]").inner_text().startswith("姓名")
    assert page.locator("table.rows tbody th").first.inner_text() != first


def test_the_file_holds_every_row_of_the_filter_and_no_formula(desk):
    visitor = desk.visitor("xian")
    rows = rows_of(taken_away(visitor, "gaps", due="contracted"))
    page = visitor.page("/gaps/?due=contracted")
    assert f"共 {len(rows):,} 处" in page
    assert {row["项"] for row in rows} == {"应签尽签"}
    assert not [
        cell
        for row in rows
        for name, cell in row.items()
        if name != "逾期天数" and cell[:1] in "=+-@" and cell
    ]


def test_figures_of_the_overview_open_into_lists_as_long(window):
    page = window()
    page.goto("/")
    for index in range(4):
        card = page.locator(".due").nth(index)
        for link in card.locator(".big a, .eq a").all():
            said, href = link.inner_text(), link.get_attribute("href")
            number = "".join(filter(lambda each: each.isdigit() or each == ",", said))
            other = page.context.new_page()
            other.goto(href)
            shown = other.locator("#answer b").first.inner_text() if number != "0" else "0"
            assert shown == number, (said, href)
            other.close()
