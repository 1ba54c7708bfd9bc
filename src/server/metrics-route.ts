import type { Limits } from '../limits/limits.ts';
import { readParameters } from './parameters.ts';
import type { Route } from './router.ts';

interface Metric {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge';
  /** Each with its labels, as `{limit="idle"}`, or nothing. */
  readonly samples: readonly (readonly [labels: string, value: number])[];
}

/** Prometheus text: what the hub holds, and what its limits have refused. */
export function metricsRoute(limits: Limits): Route {
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
      exchange.answer(200, headers, limitMetrics(limits).map(metricText).join(''));
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
      ],
    },
  ];
}

function metricText({ name, help, type, samples }: Metric): string {
  const lines = samples.map(([labels, value]) => `${name}${labels} ${String(value)}`);
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...lines, ''].join('\n');
}
