// Starts `wellposed demo` on a free port with a fresh data folder, waits until it is ready, and hands its address and folder
// to the tests: process.env.E2E_BASE_URL and process.env.E2E_DATA (letters are .eml files in its folder `mail`).
// Set E2E_BASE_URL (and E2E_DATA) beforehand to use a server that runs already.
import { spawn, type ChildProcess } from "node:child_process";
import type { FullConfig } from "@playwright/test";
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";

const READY_WITHIN = 180_000; // it fills a town first

export default async function globalSetup(config: FullConfig) {
  if (process.env.E2E_BASE_URL) return;
  const program = process.env.WELLPOSED_BIN;
  if (!program) throw new Error("WELLPOSED_BIN is not set: run the journeys by ./dev test, or set it to the release binary");

  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "wellposed-e2e-"));
  const data = path.join(folder, "data");
  const log = path.join(folder, "server.log");
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;

  const out = fs.openSync(log, "w");
  const server = spawn(program, ["demo", "--addr", `127.0.0.1:${port}`, "--data", data, "--base-url", url], {
    cwd: folder,
    env: withoutSettings(process.env),
    stdio: ["ignore", out, out],
  });
  fs.closeSync(out);
  const died = new Promise<never>((_, reject) => {
    server.once("error", reject);
    server.once("exit", (code, signal) => reject(new Error(`the server ended (${signal ?? code})`)));
  });
  died.catch(() => {}); // of interest while we wait only
  // A run that is cut short must not leave a server behind.
  process.once("exit", () => server.kill("SIGKILL"));

  try {
    await Promise.race([ready(url), died]);
  } catch (error) {
    const said = fs.readFileSync(log, "utf8").split("\n").slice(-40).join("\n");
    await stop(server);
    fs.rmSync(folder, { recursive: true, force: true });
    throw new Error(`${program} demo is not ready: ${error}\n${said}`);
  }
  process.env.E2E_BASE_URL = url;
  process.env.E2E_DATA = data;

  return async () => {
    await stop(server);
    const results = config.projects[0].outputDir;
    fs.mkdirSync(results, { recursive: true });
    fs.copyFileSync(log, path.join(results, "server.log"));
    fs.rmSync(folder, { recursive: true, force: true });
  };
}

/** What a person has set for their own server must not reach this one. */
function withoutSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith("WELLPOSED_")));
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as net.AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}

async function ready(url: string): Promise<void> {
  const until = Date.now() + READY_WITHIN;
  while (Date.now() < until) {
    try {
      const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2_000) });
      if (answer.ok) return;
    } catch {
      // not listening yet
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`no answer from ${url}/readyz within ${READY_WITHIN / 1000} s`);
}

async function stop(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null || server.pid === undefined) return;
  const ended = new Promise((resolve) => server.once("exit", resolve));
  server.kill("SIGTERM");
  const late = setTimeout(() => server.kill("SIGKILL"), 10_000);
  await ended;
  clearTimeout(late);
}
