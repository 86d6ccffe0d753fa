import { actionMatches, isEveryResource } from '../../../../src/engine/rules/support/policy-documents.ts';

describe('the actions that a pattern admits', () => {
  test.each([
    ['iam:PassRole', 'iam:PassRole'],
    ['iam:passrole', 'iam:PassRole'],
    ['iam:*', 'iam:PassRole'],
    ['iam:Pass*', 'iam:PassRole'],
    ['*', 's3:GetObject'],
    ['s3:Get?bject', 's3:GetObject'],
  ])('%s admits %s', (pattern, action) => {
    expect(actionMatches(pattern, action)).toBe(true);
  });
  test.each([
    ['iam:Get*', 'iam:PassRole'],
    ['s3:GetObject', 's3:GetObjectAcl'],
    ['s3.GetObject', 's3:GetObject'],
    ['iam:Pass', 'iam:PassRole'],
  ])('%s does not admit %s', (pattern, action) => {
    expect(actionMatches(pattern, action)).toBe(false);
  });
});

test.each(['*', 'arn:aws:s3:::*', 'arn:aws:s3:::*/*', 'arn:aws:dynamodb:eu-west-1:123456789012:*'])(
  '%s is everything of its service',
  (resource) => {
    expect(isEveryResource(resource)).toBe(true);
  },
);
test.each(['arn:aws:s3:::data/*', 'arn:aws:iam::123456789012:role/deploy-*', '', undefined])(
  '%s is not everything',
  (resource) => {
    expect(isEveryResource(resource)).toBe(false);
  },
);
