internal import AgentOps
internal import OpsModel

/// A page as an event of the record.
enum PageRecord {
    static func event(_ page: Page) -> Event {
        let isFiring = page.status == .firing
        return Event(
            .signal,
            isFiring ? "page.fired" : "page.resolved",
            at: isFiring ? page.startedAt : page.endedAt ?? page.startedAt,
            payload: [
                "journey": .string(page.journey), "fingerprint": .string(page.fingerprint),
                "summary": .string(page.summary), "good_ratio": page.goodRatio.map { .double($0) } ?? .null,
                "objective": page.objective.map { .double($0) } ?? .null,
                "burn": page.burn.map { .double($0) } ?? .null,
            ]
        )
    }
}
