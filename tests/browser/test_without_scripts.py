"""Online and with JavaScript off, the same job is done on plain pages: log, decide, complete, answer."""

from playwright.async_api import Browser, expect

from tests.browser.house import completes_what_the_policy_recommends, connected, house_with_a_final_warning, mail_link
from tests.browser.people import DESK, Someone, sign_in
from tests.browser.serving import Served, serving


async def test_every_form_of_the_path_works_without_javascript(sqlite_url: str, chromium: Browser) -> None:
    await house_with_a_final_warning(sqlite_url)
    async with serving(sqlite_url, "web", "worker") as served, connected(sqlite_url):
        asha = await _without_scripts(chromium, served, "asha@example.invalid")
        await asha.open("/entries/new")
        for words in ("Gwilym Tudor", "Seems under the influence", "Glassy or bloodshot eyes", "Swaying or staggering"):
            await asha.page.get_by_label(words).check()
        await asha.page.get_by_label("I thought about other causes").check()
        await asha.page.get_by_role("button", name="Save").click()
        await expect(asha.page.get_by_role("heading", name="Sent")).to_be_visible()

        ben = await _without_scripts(chromium, served, "ben@example.invalid")
        await completes_what_the_policy_recommends(ben)

        dev = await _without_scripts(chromium, served, "dev@example.invalid")
        await dev.page.goto(await mail_link(served, "dev@example.invalid"))
        await dev.page.get_by_role("button", name="I have this in hand").click()
        await dev.page.get_by_label("Decision not to recall").check()
        await dev.page.get_by_role("textbox").first.fill("He stays, with a new plan.")
        await dev.page.locator("form[action$='/answer'] button").click()
        await expect(dev.page.get_by_text("Nothing more is needed from you")).to_be_visible()


async def test_a_form_with_faults_names_each_field_and_keeps_every_word(sqlite_url: str, chromium: Browser) -> None:
    await house_with_a_final_warning(sqlite_url)
    async with serving(sqlite_url, "web") as served:
        asha = await _without_scripts(chromium, served, "asha@example.invalid")
        await asha.open("/entries/new")
        await (
            asha.page.get_by_label("What you saw and heard")
            .or_(asha.page.locator("[name=words]"))
            .first.fill("At 01:40")
        )
        await asha.page.get_by_role("button", name="Save").click()
        await expect(asha.page.get_by_role("heading", name="There is a problem")).to_be_visible()
        await expect(asha.page.locator("[name=words]")).to_have_value("At 01:40")
        assert (await asha.page.title()).startswith("Error: ")


async def _without_scripts(browser: Browser, served: Served, email: str) -> Someone:
    """Somebody signed in (a passkey needs scripts, once) who then goes on in a browser that runs none."""
    scripted = await sign_in(browser, served, email, DESK)
    context = await browser.new_context(
        **DESK, java_script_enabled=False, storage_state=await scripted.context.storage_state()
    )
    await scripted.context.close()
    return Someone(context, await context.new_page(), served.origin)
