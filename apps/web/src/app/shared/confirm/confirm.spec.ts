import { TestBed } from '@angular/core/testing';
import { Confirm } from './confirm';

function button(words: string): HTMLButtonElement {
  const found = [...document.querySelectorAll('button')].find(({ textContent }) => textContent.trim() === words);
  if (!found) {
    throw new Error(`no button "${words}"`);
  }
  return found;
}

function ask(typeToConfirm?: string): Promise<boolean> {
  const answer = TestBed.inject(Confirm).ask({
    heading: 'Delete the room Harbour?',
    text: 'Its messages and tasks are gone for good. The repository stays.',
    deed: 'Delete Harbour',
    isDangerous: true,
    ...(typeToConfirm && { typeToConfirm }),
  });
  TestBed.tick();
  return answer;
}

describe('a confirmation', () => {
  it('names the thing, starts on the harmless button, and is true only for the deed', async () => {
    const answer = ask();
    expect(document.querySelector('[role=alertdialog]')?.textContent).toContain('Delete the room Harbour?');
    button('Delete Harbour').click();
    await expect(answer).resolves.toBe(true);
  });

  it('is false when the reader keeps the thing', async () => {
    const answer = ask();
    button('Keep it as it is').click();
    await expect(answer).resolves.toBe(false);
  });

  it('waits for the name of what nobody can restore', async () => {
    const answer = ask('Harbour');
    expect(button('Delete Harbour').disabled).toBe(true);
    const input = document.querySelector('ct-confirm-dialog input') as HTMLInputElement;
    input.value = 'Harbour';
    input.dispatchEvent(new Event('input'));
    TestBed.tick();
    expect(button('Delete Harbour').disabled).toBe(false);
    button('Delete Harbour').click();
    await expect(answer).resolves.toBe(true);
  });
});
