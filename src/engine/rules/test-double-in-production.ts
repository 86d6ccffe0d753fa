import { text } from '../finding.ts';
import { walkStatements } from '../syntax/walk.ts';
import type { Report, Rule } from './rule.ts';
import type { ModuleView } from './views.ts';

export const testDoubleInProduction: Rule = {
  id: 'test-double-in-production',
  title: 'Test code in production code',
  cwe: [489, 1173],
  aspect: 'isolation',
  kind: 'advisory',
  severity: 'low',
  rows: [123],
  summary:
    "Production code that imports `unittest.mock`, `mock`, `pytest`, `responses`, `moto`, `freezegun` or a module of the project's own tests. Helpers for tests, by their path or name, and imports for type checking are left out.",
  why: 'A mock that answers in place of the real thing says yes to everything; and what is installed for tests may not be there, or not be kept up to date, where the code runs.',
  fix: 'Move it to the tests, or give the production code a small implementation of its own.',
  references: ['https://docs.python.org/3/library/unittest.mock.html'],
  roles: { test: 'silent', example: 'silent', command: 'silent', settings: 'silent', migration: 'silent' },
  on: { module: check },
  examples: {
    bad: [
      {
        title: 'a mock that stays',
        path: 'shop/payment.py',
        code: `
from unittest import mock  # report
import responses  # report
from shop.tests.fakes import FakeGateway  # report

gateway = mock.Mock()
`,
      },
    ],
    good: [
      {
        title: 'other modules',
        path: 'shop/payment.py',
        code: `
import unittest
from typing import TYPE_CHECKING
from shop.latest import Gateway

if TYPE_CHECKING:
    from unittest.mock import Mock
`,
      },
      {
        title: 'helpers for tests',
        path: 'shop/testing_helpers.py',
        code: `\nfrom unittest import mock\n\nfake = mock.Mock()\n`,
      },
      {
        title: 'the library itself',
        path: 'moto/core/models.py',
        code: `\nimport responses\nfrom moto.core.utils import get_equivalent_url\n`,
      },
      { title: 'tests', path: 'shop/tests/test_payment.py', code: `\nfrom unittest import mock\n` },
    ],
  },
};

const DOUBLES =
  /^(unittest\.mock|mock|pytest|responses|moto|freezegun|requests_mock|httpretty|respx|pytest_mock|factory_boy|faker)$/;
const OWN_TESTS = /(^|\.)tests?\.(fakes?|fixtures?|mocks?|stubs?|doubles|factories|helpers|base|utils)(\.|$)/;
const TEST_HELPER =
  /(^|[/_])(test\w*|fake\w*|mock\w*|stub\w*|fixture\w*|conftest|pytest\w*|factories|doctest\w*|_pytest\w*)([/_.]|$)/i;

/** A file of one of these libraries: `moto/core/responses.py`. */
function isDoubleItself(path: string): boolean {
  return path
    .split('/')
    .slice(0, -1)
    .some((folder) => DOUBLES.test(folder));
}

function check(module: ModuleView): readonly Report[] | undefined {
  if (
    TEST_HELPER.test(module.path) ||
    isDoubleItself(module.path) ||
    !/\b(mock|pytest|responses|moto|freezegun|requests_mock|httpretty|respx|tests?)\b/.test(module.text)
  )
    return undefined;
  const reports: Report[] = [];
  const add = (at: Report['at'], name: string) => {
    if (DOUBLES.test(name) || OWN_TESTS.test(name)) {
      reports.push({
        message: text`Production code imports ${{ code: name }}, which stands in for real things in tests.`,
        at,
      });
    }
  };
  // Only what is always imported: `if TYPE_CHECKING:` and functions may know better.
  walkStatements(
    module.node.body.filter(({ kind }) => kind === 'Import' || kind === 'ImportFrom'),
    (statement) => {
      if (statement.kind === 'Import') for (const alias of statement.names) add(statement, alias.name);
      else if (statement.kind === 'ImportFrom') {
        const isMock = statement.module === 'unittest' && statement.names.some(({ name }) => name === 'mock');
        add(statement, isMock ? 'unittest.mock' : statement.module);
      }
    },
  );
  return reports;
}
