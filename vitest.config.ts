import { defineConfig } from "vitest/config";

// Node has no IndexedDB of its own; fake-indexeddb/auto gives every test file one. WebCrypto is Node's own.
export default defineConfig({
  test: {
    include: ["tests/web/**/*.test.ts"],
    setupFiles: ["fake-indexeddb/auto"],
    restoreMocks: true,
    unstubGlobals: true,
    testTimeout: 30_000, // A limit, not a measure: machines are shared, and some tests count to hundreds.
  },
});
