import { findPusher, pusherAsCommitter, type Pusher } from './pusher.js';

const [ZERO, ONE, TWO] = ['0', '1', '2'].map((digit) => digit.repeat(40)) as [string, string, string];
const ADA: Pusher = { id: 'u-1', name: 'Ada <Countess>', email: 'ada@example.org.' };
const BOT: Pusher = { id: 'agent-2', name: '…', email: '' };

function entry(before: string, after: string, pusher: Pusher, message = 'push'): string {
  const { name, email } = pusherAsCommitter(pusher);
  return `${before} ${after} ${name} <${email}> 1795227793 +0000\t${message}\n`;
}

describe('findPusher', () => {
  it('gives back exactly who pushed, whatever git does to names', () => {
    const reflog = entry(ZERO, ONE, ADA) + entry(ONE, TWO, BOT);

    expect(findPusher(reflog, ONE)).toEqual(ADA);
    expect(findPusher(reflog, TWO)).toEqual(BOT);
  });

  it('means the last who set the ref to that commit', () => {
    expect(findPusher(entry(ZERO, ONE, ADA) + entry(ONE, TWO, ADA) + entry(TWO, ONE, BOT), ONE)).toEqual(BOT);
  });

  it('knows nobody for a commit that was not pushed', () => {
    const reflog = entry(ZERO, ONE, ADA, 'merge') + `${ONE} ${TWO} Eve <eve> 1795227793 +0000\tpush\n`;

    expect(findPusher(reflog, ONE)).toBeNull();
    expect(findPusher(reflog, TWO)).toBeNull();
    expect(findPusher(reflog, '3'.repeat(40))).toBeNull();
    expect(findPusher('', ONE)).toBeNull();
  });
});
