// Reads {"policies", "timeline"} from each line of standard input and writes the answer of the engine for the phone,
// whose bundle is the first argument; "refused" where the facts contradict each other.

import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const { evaluate } = await import(pathToFileURL(process.argv[2]).href);

for await (const line of createInterface({ input: process.stdin })) {
  const { policies, timeline } = JSON.parse(line);
  process.stdout.write(`${answerTo(policies, timeline)}\n`);
}

function answerTo(policies, timeline) {
  try {
    return JSON.stringify(evaluate(policies, timeline));
  } catch (error) {
    if (error.constructor.name === "Contradiction") {
      return "refused";
    }
    throw error;
  }
}
