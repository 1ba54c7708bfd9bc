import type { Limits } from '../limits/limits.ts';
import type { AccessChannel } from '../pipeline/access.ts';
import type { ConditionedLog } from '../pipeline/log-condition.ts';
import { readParameters } from './parameters.ts';
import type { Route } from './router.ts';

interface Metric {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge';
  /** Each with its labels, as `{limit="idle"}`, or nothing. */
  readonly samples: readonly (readonly [labels: string, value: number])[];
}

export interface CountedFailures {
  /** How many were refused since the start for want of a valid token. */
  readonly failures: ReadonlyMap<AccessChannel, number>;
}

export interface MetricsOptions {
  readonly limits: Limits;
  readonly log: ConditionedLog;
  readonly access: CountedFailures;
}

/** Prometheus text: what the hub holds, whom and what it has refused, and how the log is. */
export function metricsRoute({ limits, log, access }: MetricsOptions): Route {
  return {
    method: 'GET',
    path: '/metrics',
    needs: 'read',
    handle: (exchange) => {
      readParameters(exchange.queryText, []);
      const headers = [
        ['Content-Type', 'text/plain; version=0.0.4; charset=utf-8'],
        ['Cache-Control', 'no-store'],
      ] as const;
      const metrics = [...limitMetrics(limits), accessMetric(access), ...logMetrics(log)];
      exchange.answer(200, headers, metrics.map(metricText).join(''));
    },
  };
}

function limitMetrics(limits: Limits): readonly Metric[] {
  return [
    {
      name: 'alert_hub_refused_total',
      help: 'What was refused or cut off, by the limit that it met.',
      type: 'counter',
      samples: [...limits.refusals.counts].map(([name, count]) => [`{limit="${name}"}`, count]),
    },
    {
      name: 'alert_hub_in_use',
      help: 'What is taken of a limit now.',
      type: 'gauge',
      samples: [
        ['{limit="tcp_connections"}', limits.tcpConnections.count],
        ['{limit="http_exchanges"}', limits.httpExchanges.count],
        ['{limit="subscriptions"}', limits.subscriptions.count],
        ['{limit="history_reads"}', limits.historyReads.count],
        ['{limit="body_memory_bytes"}', limits.bodies.held],
        ['{limit="answer_memory_bytes"}', limits.answers.held],
      ],
    },
  ];
}

function accessMetric({ failures }: CountedFailures): Metric {
  return {
    name: 'alert_hub_auth_failures_total',
    help: 'Who was refused for a wrong or a missing token, by where they showed it.',
    type: 'counter',
    samples: [...failures].map(([channel, count]) => [`{channel="${channel}"}`, count]),
  };
}

function logMetrics({ condition }: ConditionedLog): readonly Metric[] {
  const { state, walBytes, checkpointsBusy } = condition;
  return [
    {
      name: 'alert_hub_log_ok',
      help: 'Whether the log takes events.',
      type: 'gauge',
      samples: [['', state === 'ok' ? 1 : 0]],
    },
    { name: 'alert_hub_wal_bytes', help: 'Size of hub.db-wal.', type: 'gauge', samples: [['', walBytes]] },
    {
      name: 'alert_hub_checkpoint_busy_total',
      help: 'How often readers kept hub.db-wal from being emptied.',
      type: 'counter',
      samples: [['', checkpointsBusy]],
    },
  ];
}

function metricText({ name, help, type, samples }: Metric): string {
  const lines = samples.map(([labels, value]) => `${name}${labels} ${String(value)}`);
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...lines, ''].join('\n');
}
