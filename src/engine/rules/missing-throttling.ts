import { code, text } from '../finding.ts';
import type { Rule } from './rule.ts';

export const missingThrottling: Rule = {
  id: 'missing-throttling',
  title: 'API without a limit on requests',
  cwe: [770, 400],
  aspect: 'resources',
  kind: 'advisory',
  severity: 'low',
  rows: [56],
  summary: 'Settings of the Django REST framework that name no throttle classes.',
  why: 'A client can try passwords or ask for expensive answers as fast as the network allows.',
  fix: 'Set `DEFAULT_THROTTLE_CLASSES` and `DEFAULT_THROTTLE_RATES`, or limit requests in the server before the application.',
  references: ['https://www.django-rest-framework.org/api-guide/throttling/'],
  on: {
    assignment: {
      names: ['REST_FRAMEWORK'],
      check: (view) => {
        if (view.scope === 'function' || view.node.kind === 'AugAssign') return undefined;
        const keys = view.value.keys;
        if (!keys || keys.includes('DEFAULT_THROTTLE_CLASSES')) return undefined;
        return {
          message: text`${code('REST_FRAMEWORK')} names no throttle classes.`,
          at: view.node,
          quiet: true,
        };
      },
    },
  },
  examples: {
    bad: [
      {
        title: 'no throttle classes',
        path: 'shop/settings.py',
        code: `
REST_FRAMEWORK = {  # report
    'PAGE_SIZE': 10,
}
`,
      },
    ],
    good: [
      {
        title: 'throttled',
        path: 'shop/settings.py',
        code: `
REST_FRAMEWORK = {
    'DEFAULT_THROTTLE_CLASSES': ['rest_framework.throttling.AnonRateThrottle'],
    'DEFAULT_THROTTLE_RATES': {'anon': '100/day'},
}
`,
      },
    ],
  },
};
