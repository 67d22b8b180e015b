import OpsHTTP
import OpsModel

/// An incident's timeline as server-sent events, from any event on; ends with the incident.
struct IncidentStream: Sendable {
    var desk: PeopleDesk
    var incident: String

    func response(after request: HTTPRequest, default first: Int) -> HTTPResponse {
        let cursor = request.headers["Last-Event-ID"].flatMap { Int($0) } ?? first
        return .events { stream in await follow(stream, from: cursor) }
    }

    private func follow(_ stream: EventStream, from cursor: Int) async {
        var cursor = cursor
        while !Task.isCancelled {
            // A store that cannot be read now is read again; the reader resumes by its cursor.
            let news = (try? await desk.store.events(incident, after: cursor)) ?? []
            for event in news {
                guard await stream.send(ServerSentEvent(event)) else { return }
                cursor = event.seq
            }
            if news.isEmpty, await isOver() { return }
            await desk.changed.wait(atMost: .seconds(1))
        }
    }

    private func isOver() async -> Bool { (try? await desk.store.record(incident).isFinal) ?? false }
}

extension ServerSentEvent {
    fileprivate init(_ event: IncidentEvent) {
        let text = (try? OpsJSON.string(event)) ?? "{}"  // plain values of our own always encode
        self.init(id: String(event.seq), event: event.type, data: text)
    }
}
