import { z } from 'zod';
import { bytesSetting, countSetting, spanSetting } from '../pipeline/settings.ts';

const minuteMs = 60_000;

/** What anyone may ask of the hub. A limit for each address that is not set here has a default that leaves out this machine's
 *  own programs; one that is set holds for them too. */
export const limitSettings = z
  .strictObject({
    connections: countSetting.default(16_384),
    connectionsPerAddress: countSetting.optional(),
    connectionsPerToken: countSetting.optional(),
    connectsPerSecond: countSetting.optional(),
    connectsPerSecondPerToken: countSetting.optional(),
    eventsPerSecond: countSetting.optional(),
    bytesPerSecond: bytesSetting.optional(),
    subscriptions: countSetting.default(10_000),
    subscriptionsPerAddress: countSetting.optional(),
    subscriptionsPerToken: countSetting.optional(),
    historyReads: countSetting.default(256),
    historyReadsPerAddress: countSetting.optional(),
    historyReadsPerToken: countSetting.optional(),
    framesPerSecond: countSetting.default(50),
    bodyMemory: bytesSetting.default(64 * 1024 * 1024),
    answerMemory: bytesSetting.default(128 * 1024 * 1024),
    idleTimeout: spanSetting.default(60 * minuteMs),
    inputTimeout: spanSetting.default(minuteMs / 2),
    answerTimeout: spanSetting.default(minuteMs),
  })
  .prefault({});

export type LimitSettings = z.output<typeof limitSettings>;

/** Where the settings say nothing, and the address is not this machine's own. */
export const perAddressDefaults = {
  connections: 256,
  connectsPerSecond: 50,
  subscriptions: 128,
  historyReads: 32,
} as const;
