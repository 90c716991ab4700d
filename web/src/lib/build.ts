// Which build of the app a page runs: the digits in the name of its script, which change with every change to it.

const SCRIPT = /\/static\/app-([0-9a-f]+)\.js$/;

/** For example "c0691570e4"; empty where there is no page, or one without our script. */
export function buildOf(page: Document | undefined): string {
  const scripts = [...(page?.scripts ?? [])].map((script) => SCRIPT.exec(script.src)?.[1]);
  return scripts.find((found) => found !== undefined) ?? "";
}
