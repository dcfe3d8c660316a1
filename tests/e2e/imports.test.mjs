// A creator imports a file: looks at what is in it, checks, imports, looks at the problems, undoes.
import assert from "node:assert/strict";
import { test } from "node:test";

import { accessible, useApp } from "./app.mjs";
import { address, contacts, look, open } from "./pages.mjs";

const app = useApp(300);

/** Drops a file, and waits for what the check says. */
async function check(fans, file) {
  await fans.page.getByLabel("Choose a file").setInputFiles(file);
  await fans.page.waitForURL(/imports\/[0-9a-f-]{36}/);
  await fans.page.getByRole("heading", { name: "What would happen" }).waitFor();
}

const idOf = (fans) => fans.page.url().match(/imports\/([0-9a-f-]{36})/)[1];
const number = (text) => Number(text.replaceAll(",", ""));

/** The numbers of the outcomes, by their names. */
async function outcomes(fans) {
  const items = await fans.page.locator(".numbers .share__item").all();
  const read = async (item) => [
    await item.locator("span").first().textContent(),
    number(await item.locator("b").textContent()),
  ];
  return Object.fromEntries(await Promise.all(items.map(read)));
}

/** Waits until the import is through, and returns what the page says of it. */
async function done(fans) {
  const headline = fans.page.getByRole("heading", { name: / · in [\d.,]+ s$/ });
  await headline.waitFor();
  return headline.textContent();
}

function agree(shown, told) {
  assert.deepEqual(shown, {
    New: told.created, Updated: told.updated, Unchanged: told.unchanged,
    Duplicates: told.duplicate_in_file, Invalid: told.invalid,
  });
}

test("a file is checked, imported with exactly these numbers, and undone", async () => {
  const fans = await open(app, "/imports");
  const before = await fans.api("/fans/counts");
  await check(fans, contacts(2_000));
  await fans.page.getByRole("columnheader", { name: "Import as" }).waitFor();
  const said = await outcomes(fans);
  agree(said, await fans.api(`/imports/${idOf(fans)}`));
  assert.equal((await fans.api("/fans/counts")).total, before.total, "a check changes nothing");

  await fans.page.getByLabel("Tag everyone in the file").fill("spring");
  await fans.page.getByText("Settings changed").waitFor();
  await fans.page.getByRole("button", { name: "Check again" }).click();
  await fans.page.getByRole("button", { name: /^Import [\d,]+ people$/ }).click();
  await done(fans);
  const told = await fans.api(`/imports/${idOf(fans)}`);
  agree(await outcomes(fans), told);
  assert.equal(told.created, said.New);
  const after = await fans.api("/fans/counts");
  assert.ok(after.total > before.total);
  const tags = await fans.api("/tags");
  assert.equal(tags.find((tag) => tag.name === "spring").customers, told.created + told.updated);

  await fans.page.getByRole("heading", { name: /Rows with problems/ }).waitFor();
  const problems = await fans.api(`/imports/${idOf(fans)}/problems`);
  const lines = await fans.page.locator("tbody .table__number").allTextContents();
  assert.deepEqual(lines.map(number), problems.items.map((problem) => problem.line));
  const [download] = await Promise.all([
    fans.page.waitForEvent("download"),
    fans.page.getByRole("link", { name: "Download all" }).click(),
  ]);
  assert.equal(download.suggestedFilename(), "import-problems.csv");

  await fans.page.getByRole("button", { name: "Undo" }).click();
  await fans.dialog().getByText(/get back what they had/).waitFor();
  await accessible(fans.page, "the question before an undo");
  await fans.dialog().getByRole("button", { name: "Undo the import" }).click();
  await fans.page.getByText("everything is as it was before").waitFor();
  assert.deepEqual(await fans.api("/fans/counts"), before);

  await fans.page.goto(address(fans, "/imports"));
  await fans.page.getByRole("row", { name: /contacts\.csv.*Undone/ }).first().waitFor();
  await fans.close();
});

test("a mapping is changed, and the numbers follow", async () => {
  const fans = await open(app, "/imports/new");
  const buffer = Buffer.from("Kontakt;Email;Note\nnew.one@example.org;x;hello\nnot an address;x;hi\n");
  await fans.page.getByLabel("Choose a file").setInputFiles({ name: "kontakte.csv", mimeType: "text/csv", buffer });
  await fans.page.getByRole("heading", { name: "What would happen" }).waitFor();
  const separator = fans.page.getByLabel("Separator");
  assert.equal(await separator.locator("option:checked").textContent(), "Detected: semicolon");
  assert.equal((await outcomes(fans)).Invalid, 2);
  await fans.page.getByLabel("Column “Kontakt” becomes").selectOption("email");
  await fans.page.getByText("Two columns become “E-mail”").waitFor();
  assert.ok(await fans.page.getByRole("button", { name: "Check again" }).isDisabled());
  await fans.page.getByLabel("Column “Email” becomes").selectOption("ignore");
  await fans.page.getByRole("button", { name: "Check again" }).click();
  await fans.page.getByRole("button", { name: "Import 1 person" }).waitFor();
  const shown = await outcomes(fans);
  assert.deepEqual([shown.New, shown.Invalid], [1, 1]);
  await fans.close();
});

test("a file is read otherwise than it was recognised, and a column becomes a field that there is", async () => {
  const fans = await open(app, "/imports/new");
  await fans.api("/custom-fields", "POST", { label: "Favourite synth" });
  const buffer = Buffer.from("E-mail;Synth, if any, or none\nnew.two@example.org;J\xfcn\xf6\n", "latin1");
  await fans.page.getByLabel("Choose a file").setInputFiles({ name: "synths.csv", mimeType: "text/csv", buffer });
  const encoding = fans.page.getByLabel("Encoding");
  await encoding.waitFor();
  assert.match(await encoding.locator("option:checked").textContent(), /^Probably /);
  const guess = fans.page.getByText("does not say how its letters are encoded");
  await guess.waitFor();
  await encoding.selectOption("Western European (Windows-1252)");
  await fans.page.getByRole("button", { name: "Check again" }).click();
  // The first check has the same columns as the second.
  await guess.waitFor({ state: "hidden" });
  await fans.page.getByLabel("Column “Synth, if any, or none” becomes").selectOption("Favourite synth");
  await fans.page.getByRole("button", { name: "Check again" }).click();
  const ready = fans.page.getByRole("button", { name: "Import 1 person" });
  await ready.waitFor();
  assert.ok(await ready.isDisabled(), "the question about consent is open");
  await fans.page.getByText("Say first whether these people agreed").waitFor();
  await accessible(fans.page, "the question about consent");
  await fans.page.getByLabel("Yes, all of them agreed").check();
  await ready.click();
  assert.match(await done(fans), /^1 person added · in /);
  const [fan] = (await fans.api("/fans?search=new.two@example.org")).items;
  assert.deepEqual([fan.attributes.favourite_synth, fan.consent], ["Jünö", "subscribed"]);

  await fans.page.goto(address(fans, "/imports"));
  const lines = fans.page.getByRole("row", { name: /synths\.csv/ });
  await lines.first().waitFor();
  assert.equal(await lines.count(), 1, "its checks are not in the history");
  await fans.close();
});

test("a file that is no contact file is refused with words", async () => {
  const fans = await open(app, "/imports/new");
  const send = (name, text) =>
    fans.page.getByLabel("Choose a file").setInputFiles({ name, mimeType: "text/csv", buffer: Buffer.from(text) });
  await send("names.csv", "Name,Town\nAva,Paris\n");
  await fans.page.getByText(/no e-mail column/i).waitFor();
  await accessible(fans.page, "a refused file");
  await fans.close();
});

test("a file that cannot be read is refused once, with a way on", async () => {
  const fans = await open(app, "/imports/new");
  const buffer = Buffer.from('[{"email": "ava@example.org"}]');
  await fans.page.getByLabel("Choose a file").setInputFiles({ name: "contacts.json", mimeType: "text/csv", buffer });
  await fans.page.getByText(/The file is JSON/).waitFor();
  await fans.page.getByRole("link", { name: "Another file" }).waitFor();
  assert.equal(await fans.page.getByText(/The file is JSON/).count(), 1);
  assert.equal(await fans.page.getByRole("button", { name: "Try again" }).count(), 0);
  await fans.close();
});

test("numbers with a decimal comma and columns that seem to be about consent are shown", async () => {
  const fans = await open(app, "/imports/new");
  const rows = ["Email;Total Spent;Mailing permissions", "spent@example.org;1.234,50;all", "more@example.org;12,00;"];
  const buffer = Buffer.from(rows.join("\n"));
  await fans.page.getByLabel("Choose a file").setInputFiles({ name: "spent.csv", mimeType: "text/csv", buffer });
  const numbers = fans.page.getByLabel("Numbers");
  await numbers.waitFor();
  assert.equal(await numbers.locator("option:checked").textContent(), "Detected: 1.234,50");
  await fans.page.getByText("Seems to say who can be emailed").waitFor();
  await fans.page.getByLabel("Column “Mailing permissions” becomes").selectOption("Skip");
  await fans.page.getByRole("button", { name: "Check again" }).click();
  await fans.page.getByRole("button", { name: "Import 2 people" }).waitFor();
  assert.equal(await fans.page.getByText("Seems to say who can be emailed").count(), 0);
  await fans.page.getByLabel("No, or I don't know").check();
  await fans.page.getByRole("button", { name: "Import 2 people" }).click();
  assert.match(await done(fans), /^2 people added/);
  const [fan] = (await fans.api("/fans?search=spent@example.org")).items;
  assert.deepEqual([fan.total_spent, fan.consent], [123450, "unconfirmed"]);
  await fans.close();
});

test("who leaves and comes back finds the import where it is", async () => {
  const fans = await open(app, "/imports");
  await fans.page.route("**/events", (route) => route.abort());
  await check(fans, contacts(500));
  const url = fans.page.url();
  await fans.page.goto(address(fans, "/contacts"));
  await fans.page.goto(url);
  await fans.page.getByRole("heading", { name: "What would happen" }).waitFor();
  await fans.close();
});

test("without server-sent events the page asks how far it is", async () => {
  const fans = await open(app, "/imports");
  let [refused, asked] = [0, 0];
  await fans.page.route("**/events", (route) => {
    refused += 1;
    return route.abort();
  });
  fans.page.on("request", (request) => (asked += /imports\/[0-9a-f-]{36}$/.test(request.url()) ? 1 : 0));
  await check(fans, contacts(20_000));
  assert.ok(refused > 0, "the stream was never asked for");
  assert.ok(asked > 1, `the import was asked for ${asked} times`);
  agree(await outcomes(fans), await fans.api(`/imports/${idOf(fans)}`));
  await fans.close();
});

test("a file that misses its place does not take the place of the app", async () => {
  const fans = await open(app, "/imports");
  await fans.page.getByRole("heading", { name: "History" }).waitFor();
  const refused = await fans.page.evaluate(() => {
    const drop = (type, item) => {
      const data = new DataTransfer();
      data.items.add(...item);
      const event = new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true });
      document.querySelector("h1").dispatchEvent(event);
      return event.defaultPrevented;
    };
    const file = [new File(["Email\n"], "contacts.csv")];
    return [drop("dragover", file), drop("drop", file), drop("drop", ["a word", "text/plain"])];
  });
  assert.deepEqual(refused, [true, true, false]);
  await fans.close();
});

test("the pages look right", async () => {
  await look(app, "imports", "/imports", (fans) => fans.page.getByRole("heading", { name: "History" }).waitFor());
  const file = contacts(400);
  await look(app, "import-check", "/imports/new", (fans) => check(fans, file));
  await look(app, "import-report", "/imports/new", async (fans) => {
    await check(fans, file);
    const ready = fans.page.getByRole("button", { name: /^Import \d|Nothing to import/ });
    if (await ready.isDisabled()) return;
    await ready.click();
    await done(fans);
  });
});
