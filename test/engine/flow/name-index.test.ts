import { NameIndex } from '../../../src/engine/flow/name-index.ts';

test('finds who asks about a name, in the order in which they were given', () => {
  let asked = 0;
  const index = new NameIndex([
    { names: ['run', 'call', 'run'], entry: 'a list' },
    { names: undefined, entry: 'any name' },
    {
      names: (name: string) => {
        asked++;
        return name.startsWith('r');
      },
      entry: 'a question',
    },
    { names: ['run'], entry: 'another list' },
  ]);
  expect(index.concernedWith('run')).toEqual(['a list', 'any name', 'a question', 'another list']);
  expect(index.concernedWith('call')).toEqual(['a list', 'any name']);
  expect(index.concernedWith('')).toEqual(['any name']);
  index.concernedWith('run');
  expect(asked).toBe(3);
});
