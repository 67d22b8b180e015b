/// Never looks at a page.
struct DoNothing: PlayedAgent {
    let name = "do-nothing"
    let isAtWork = false

    func work(with hands: AgentHands) async throws {}
}
