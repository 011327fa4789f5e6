// Firefox as an engine: the program itself, headless, with a profile of its own, at a page that sends what it measured to the
// server. Guarantees: the profile is empty at the start, and deleted at the end.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { findBrowser, servePages } from "./page_server.mjs";

const kTimeoutMs = 300_000;
// What asks the network for things of its own, or has a first-run page to show.
const kPreferences = {
  "app.update.enabled": false, "browser.shell.checkDefaultBrowser": false, "browser.startup.homepage_override.mstone": "ignore",
  "browser.aboutwelcome.enabled": false, "datareporting.policy.dataSubmissionEnabled": false, "toolkit.telemetry.enabled": false,
  "extensions.update.enabled": false, "network.captive-portal-service.enabled": false, "network.connectivity-service.enabled": false,
  "browser.safebrowsing.malware.enabled": false, "browser.safebrowsing.phishing.enabled": false, "services.settings.server": "http://127.0.0.1:9/",
};

class FirefoxEngine {
  kind = "firefox";
  name = "firefox";
  constructor(binary) { this.binary = binary; }

  async version() {
    return execFileSync(this.binary, ["--version"], { encoding: "utf8" }).trim();
  }

  async withProfile(dist, use) {
    const server = await servePages(dist);
    const profile = mkdtempSync(path.join(tmpdir(), "krait-firefox-"));
    const lines = Object.entries(kPreferences).map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});`);
    writeFileSync(path.join(profile, "user.js"), lines.join("\n"));
    try {
      return await use((page) => this.visit(server, profile, page));
    } finally {
      server.close();
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    }
  }

  /** A browser at the page, until that has sent its result. */
  async visit(server, profile, page) {
    const result = server.result();
    const child = spawn(this.binary, ["--headless", "--no-remote", "--profile", profile, `${server.origin}/bench/${page}`], { stdio: "ignore" });
    const ended = new Promise((resolve) => child.once("close", resolve));
    let timer;
    try {
      const answer = await Promise.race([
        result,
        ended.then((code) => { throw new Error(`Firefox ended with ${code} before the page had a result`); }),
        new Promise((_, reject) => { timer = setTimeout(() => reject(new Error(`no result after ${kTimeoutMs / 1000} s`)), kTimeoutMs); }),
      ]);
      if (answer.error) throw new Error(answer.error);
      return answer.result;
    } finally {
      clearTimeout(timer);
      // SIGTERM, so that the caches are written for the next visit.
      child.kill("SIGTERM");
      await ended;
    }
  }

  measure(suite, part, dist) {
    return this.withProfile(dist, (visit) => visit(`page.html?report&suite=${suite.name}&part=${part}`));
  }

  /** The start-up page in two browsers, one after the other, with one profile. */
  visitTwice(dist) {
    return this.withProfile(dist, async (visit) => [await visit("start.html?report"), await visit("start.html?report")]);
  }

  close() {}
}

export function openFirefox() {
  return new FirefoxEngine(findBrowser("firefox", "KRAIT_FIREFOX", ["firefox-esr", "firefox"]));
}
