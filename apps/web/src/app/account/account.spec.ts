import { provideHttpClient, withInterceptors } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { Router, provideRouter } from '@angular/router';
import { problemInterceptor } from '../core/problem/problem.interceptor';
import { RegisterPage } from './register';
import { SignIn } from './sign-in';

let http: HttpTestingController;

beforeEach(() => {
  TestBed.configureTestingModule({
    providers: [
      provideRouter([]),
      provideHttpClient(withInterceptors([problemInterceptor])),
      provideHttpClientTesting(),
    ],
  });
  http = TestBed.inject(HttpTestingController);
});

async function open<T>(page: new () => T, registration: 'open' | 'closed' = 'open'): Promise<ComponentFixture<T>> {
  const fixture = TestBed.createComponent(page);
  document.body.append(fixture.nativeElement as HTMLElement);
  TestBed.tick();
  http.expectOne('/api/auth/options').flush({ registration, awaitingSetup: false, providers: ['github'] });
  await fixture.whenStable();
  return fixture;
}

function field(fixture: ComponentFixture<unknown>, label: string): HTMLInputElement {
  const root = fixture.nativeElement as HTMLElement;
  const found = [...root.querySelectorAll('label')].find(({ textContent }) => textContent.trim() === label);
  return root.querySelector(`#${found?.htmlFor}`) as HTMLInputElement;
}

function write(input: HTMLInputElement, text: string): void {
  input.value = text;
  input.dispatchEvent(new Event('input'));
}

function send(fixture: ComponentFixture<unknown>): void {
  (fixture.nativeElement as HTMLElement)
    .querySelector('form')
    ?.dispatchEvent(new Event('submit', { cancelable: true }));
}

const problem = (code: string, status: number, detail: string, errors: unknown[] = []) => ({
  type: 'about:blank',
  title: 'No',
  status,
  code,
  detail,
  errors,
});

describe('signing in', () => {
  it('names what is missing and moves to the first such field, without asking the server', async () => {
    const fixture = await open(SignIn);
    send(fixture);
    await fixture.whenStable();
    const username = field(fixture, 'User name or e-mail');
    expect(document.activeElement).toBe(username);
    expect(username.getAttribute('aria-invalid')).toBe('true');
    const note = document.getElementById(username.getAttribute('aria-describedby') ?? '');
    expect(note?.textContent).toContain('Write your user name');
    http.expectNone('/api/auth/login');
  });

  it('puts a wrong password where the password is', async () => {
    const fixture = await open(SignIn);
    write(field(fixture, 'User name or e-mail'), 'mara');
    write(field(fixture, 'Password'), 'wrong');
    send(fixture);
    http
      .expectOne('/api/auth/login')
      .flush(problem('credentials_wrong', 401, 'The user name or the password is wrong.'), {
        status: 401,
        statusText: 'Unauthorized',
      });
    await fixture.whenStable();
    const password = field(fixture, 'Password');
    expect(document.activeElement).toBe(password);
    expect(document.getElementById(`${password.id}-note`)?.textContent).toContain('the password is wrong');
  });

  it('says it aloud, and keeps what was typed, when the server cannot be reached', async () => {
    const fixture = await open(SignIn);
    write(field(fixture, 'User name or e-mail'), 'mara');
    write(field(fixture, 'Password'), 'correct horse');
    send(fixture);
    http.expectOne('/api/auth/login').error(new ProgressEvent('error'));
    await fixture.whenStable();
    expect((fixture.nativeElement as HTMLElement).querySelector('[role=alert]')?.textContent).toContain(
      'Check your connection',
    );
    expect(field(fixture, 'Password').value).toBe('correct horse');
  });

  it('returns the reader to where they came from', async () => {
    const fixture = await open(SignIn);
    const went: unknown[] = [];
    TestBed.inject(Router).navigateByUrl = (url) => Promise.resolve(went.push(url) > 0);
    fixture.componentRef.setInput('returnTo', '/agents');
    write(field(fixture, 'User name or e-mail'), 'mara');
    write(field(fixture, 'Password'), 'correct horse');
    send(fixture);
    http.expectOne('/api/auth/login').flush({
      accessToken: 't',
      expiresAt: new Date(Date.now() + 900_000).toISOString(),
      account: { id: 'a', username: 'mara' },
    });
    await fixture.whenStable();
    expect(went).toEqual(['/agents']);
  });
});

describe('registering', () => {
  it('judges names and passwords as the server will', async () => {
    const fixture = await open(RegisterPage);
    write(field(fixture, 'User name'), 'a b');
    write(field(fixture, 'Password'), 'short');
    send(fixture);
    await fixture.whenStable();
    const text = (fixture.nativeElement as HTMLElement).textContent;
    expect(text).toContain('Use letters, digits, and single - or _ between them');
    expect(text).toContain('Use at least 10 characters');
    http.expectNone('/api/auth/register');
  });

  it('shows a taken name at the name', async () => {
    const fixture = await open(RegisterPage);
    write(field(fixture, 'User name'), 'mara');
    write(field(fixture, 'Password'), 'correct horse battery');
    send(fixture);
    const request = http.expectOne('/api/auth/register');
    expect(request.request.body).toEqual({ username: 'mara', password: 'correct horse battery' });
    request.flush(problem('username_taken', 409, 'Somebody is called mara already. Choose another name.'), {
      status: 409,
      statusText: 'Conflict',
    });
    await fixture.whenStable();
    expect(document.activeElement).toBe(field(fixture, 'User name'));
    expect((fixture.nativeElement as HTMLElement).textContent).toContain('Choose another name');
  });

  it('offers something else where registration is closed', async () => {
    const fixture = await open(RegisterPage, 'closed');
    const page = fixture.nativeElement as HTMLElement;
    expect(page.querySelector('form')).toBeNull();
    expect(page.textContent).toContain('Registration is closed');
    expect(page.querySelector('a')?.getAttribute('href')).toBe('/');
  });
});
