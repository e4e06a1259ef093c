import { connectAsync, type MqttClient } from "mqtt";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningFeed, runFeed, settingsFor } from "../feeds/dnse-light-speed/running-feed.js";
import { type LightSpeedLogin, startLightSpeedLogin } from "../support/light-speed-login.js";
import { tickPayload, topicOf } from "../support/light-speed-payloads.js";

const MQTT_URL = "mqtt://127.0.0.1:1883";
const UNAVAILABLE =
  "skipped: no MQTT broker at 127.0.0.1:1883; run mosquitto -p 1883, then REQUIRE_SERVICES=1 npx vitest run test/services/light-speed-mosquitto.test.ts";

async function mosquittoUnavailable(): Promise<string | undefined> {
  if (process.env.REQUIRE_SERVICES === "1") return undefined;
  try {
    const client = await connectAsync(
      MQTT_URL,
      { protocolVersion: 5, connectTimeout: 2_000, reconnectPeriod: 0 },
      false,
    );
    await client.endAsync();
    return undefined;
  } catch {
    return UNAVAILABLE;
  }
}

const unavailable = await mosquittoUnavailable();
const title = `the LightSpeed feed on a real broker${unavailable ? ` (${unavailable})` : ""}`;

/** A symbol of this run alone: others may use the broker too. */
const SYMBOL = `Q${process.pid}`;

describe.skipIf(unavailable)(title, () => {
  let login: LightSpeedLogin;
  let publisher: MqttClient;
  let running: RunningFeed;

  beforeAll(async () => {
    login = await startLightSpeedLogin();
    publisher = await connectAsync(MQTT_URL, { protocolVersion: 5 }, false);
    running = runFeed({
      ...settingsFor({ restUrl: login.restUrl, mqttUrl: MQTT_URL }),
      symbols: [SYMBOL as ReturnType<typeof settingsFor>["symbols"][number]],
      indexes: [],
    });
    await running.until(() => running.notices("subscribed").length === 1, "a subscription");
  });

  afterAll(async () => {
    await running?.stop();
    await publisher?.endAsync();
    await login?.close();
  });

  async function publishTicks(from: number, to: number): Promise<void> {
    for (let number = from; number <= to; number += 1) {
      const payload = JSON.stringify(tickPayload(SYMBOL, number));
      await publisher.publishAsync(topicOf.tick(SYMBOL), payload, { qos: 1 });
    }
  }

  const volumes = () => running.ticks().map(({ cumulativeVolume }) => cumulativeVolume);

  it("is granted every topic and gets 2,000 trades with QoS 1, each once and in order", async () => {
    expect(running.notices("subscribed")[0]!.message).toBe("7 topics");
    await publishTicks(1, 2_000);
    await running.until(() => running.ticks().length >= 2_000, "2,000 trades");
    expect(volumes()).toEqual(Array.from({ length: 2_000 }, (_, index) => (index + 1) * 100));
  });

  it("signs in anew, connects and subscribes again when it is asked to", async () => {
    running.feed.reconnect("the test wants another connection");
    await running.until(() => running.notices("subscribed").length === 2, "another subscription");
    expect(login.tokens).toHaveLength(2);
    await publishTicks(2_001, 2_100);
    await running.until(() => running.ticks().length >= 2_100, "a hundred more");
    expect(volumes().slice(2_000)).toEqual(Array.from({ length: 100 }, (_, index) => (index + 2_001) * 100));
  });

  it("speaks MQTT 3.1.1 with it as well", async () => {
    const older = runFeed({
      ...settingsFor({ restUrl: login.restUrl, mqttUrl: MQTT_URL }, { mqttVersion: 4 }),
      symbols: running.feed.symbols,
    });
    await older.until(() => older.notices("subscribed").length === 1, "a subscription");
    await publishTicks(2_101, 2_110);
    await older.until(() => older.ticks().length === 10, "ten trades");
    await older.stop();
  });
});
