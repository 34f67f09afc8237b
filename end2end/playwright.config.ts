// The journeys, each with JavaScript on and off, against one server with a town of its own (global-setup.ts): one way a run, because
// the journeys of the first move the clock (./dev test).
import { defineConfig } from "@playwright/test";

export default defineConfig({
  // With SHOTS=folder pictures are taken instead.
  testDir: process.env.SHOTS ? "." : "./tests",
  testMatch: process.env.SHOTS ? "screenshots.ts" : "*.spec.ts",
  globalSetup: "./global-setup.ts",
  outputDir: "./test-results",
  reporter: "list",
  // One town for all: journeys that ran side by side would see each other's challenges.
  workers: 1,
  fullyParallel: false,
  // A journey that passes at the second try hides a fault.
  retries: 0,
  forbidOnly: !!process.env.CI,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  use: {
    // Set by global-setup.ts, which runs before the workers read this file again.
    baseURL: process.env.E2E_BASE_URL,
    actionTimeout: 10_000,
    navigationTimeout: 20_000,
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath: process.env.WELLPOSED_CHROMIUM || "/usr/bin/chromium",
      // Quiet and without its own connections: the journeys need no network but the loopback.
      args: [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
  projects: [
    { name: "js", use: { javaScriptEnabled: true } },
    { name: "nojs", use: { javaScriptEnabled: false } },
  ],
});
