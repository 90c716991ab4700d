import { describe, expect, it } from "vitest";
import { FIRST_WAIT_MS, LONGEST_WAIT_MS, nextStep, nextWait } from "../../web/src/lib/watching.ts";

const WAITING = { done: 0, total: null, words: "Waiting to begin.", ended: false };
const RUNNING = { done: 1200, total: 2000, words: "1,200 of 2,000 residents done.", ended: false };

describe("watching a rehearsal", () => {
  it("shows how far it is, also before the residents are counted", () => {
    expect(nextStep(200, WAITING)).toEqual({ show: WAITING });
    expect(nextStep(200, RUNNING)).toEqual({ show: RUNNING });
  });

  it("moves through every value to the end, where the page opens itself anew", () => {
    const answers = [WAITING, { ...RUNNING, done: 40 }, RUNNING, { ...RUNNING, done: 2000, ended: true }];
    expect(answers.map((answer) => nextStep(200, answer))).toEqual([
      { show: WAITING },
      { show: { ...RUNNING, done: 40 } },
      { show: RUNNING },
      "reload",
    ]);
  });

  it.each([401, 403, 404])("leaves it to the page to say what a refusal with %i means", (status) => {
    expect(nextStep(status, { code: "not-found" })).toBe("reload");
  });

  it.each([
    ["nothing", 0, null],
    ["a server that cannot", 503, { code: "unavailable" }],
    ["no JSON", 200, null],
    ["other JSON", 200, { done: "1200", total: 2000, words: "", ended: false }],
    ["a total that is none", 200, { ...RUNNING, total: "2000" }],
    ["no word of its end", 200, { done: 1, total: 2, words: "" }],
  ])("keeps watching and says that it cannot tell when %s answers", (_, status, answer) => {
    expect(nextStep(status, answer)).toEqual({ say: expect.stringContaining("this page will catch up") });
  });

  it("asks after two seconds first and then less and less often, up to fifteen", () => {
    const waits = [FIRST_WAIT_MS];
    for (let looks = 0; looks < 8; looks += 1) {
      waits.push(nextWait(waits.at(-1) ?? 0));
    }
    expect(waits.slice(0, 3)).toEqual([2000, 3000, 4500]);
    expect(waits.slice(-2)).toEqual([LONGEST_WAIT_MS, LONGEST_WAIT_MS]);
    expect(waits).toEqual([...waits].sort((one, other) => one - other));
  });
});
