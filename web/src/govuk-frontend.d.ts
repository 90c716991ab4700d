// GOV.UK Frontend ships no types; these are the parts of it that AP Log's pages use.

declare module "govuk-frontend" {
  export class Button {}
  export class CharacterCount {
    constructor(place: HTMLElement);
  }
  export class ErrorSummary {}
  export class NotificationBanner {}
  export class SkipLink {}

  /** Starts the component on every element whose data-module names it. */
  export function createAll(component: unknown): unknown[];
}
