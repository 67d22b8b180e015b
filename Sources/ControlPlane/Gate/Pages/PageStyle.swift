/// How the pages look: dark text on white, one column, nothing that moves.
enum PageStyle {
    static let text = """
        * { box-sizing: border-box }
        body { margin: 0 auto; max-width: 52rem; padding: 0 1rem 3rem; color: #1b1b1b; background: #fff;
          font: 1rem/1.5 system-ui, sans-serif }
        header { display: flex; flex-wrap: wrap; justify-content: space-between; gap: .5rem 1rem;
          border-bottom: 1px solid #767676 }
        header form { display: flex; align-items: center; gap: 1rem }
        h1 { font-size: 1.4rem } h2 { font-size: 1.15rem; margin-top: 2rem } h3 { font-size: 1rem }
        h1, h2, h3, p, li, dd, code, pre { overflow-wrap: anywhere; unicode-bidi: isolate }
        a { color: #0b4f9c } a:focus-visible, button:focus-visible, input:focus-visible, textarea:focus-visible
          { outline: 3px solid #0b4f9c; outline-offset: 2px }
        dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem } dt { color: #4a4a4a } dd { margin: 0 }
        article, section.card { border: 1px solid #767676; border-radius: .4rem; padding: 0 1rem 1rem; margin: 1rem 0 }
        pre { background: #f2f2f2; padding: .6rem; white-space: pre-wrap }
        label { display: block; font-weight: 600; margin-top: 1rem }
        input, textarea { width: 100%; font: inherit; padding: .5rem; border: 1px solid #595959; border-radius: .3rem }
        button { font: inherit; padding: .5rem 1rem; color: #fff; background: #333; border: 0; border-radius: .3rem;
          cursor: pointer }
        button.yes { background: #14532d; margin-top: 1rem }
        button.no { background: #9b1c1c; margin-top: 1rem }
        .alert { border-left: .4rem solid #9b1c1c; padding: .5rem 1rem; background: #fbeaea }
        .note { color: #4a4a4a }

        """
}
