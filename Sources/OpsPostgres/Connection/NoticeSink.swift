import CLibpq

/// Takes the notices that libpq would otherwise print on stderr.
final class NoticeSink: Sendable {
    let handler: (@Sendable (String) -> Void)?

    init(_ handler: (@Sendable (String) -> Void)?) { self.handler = handler }
}

/// The context is an unretained `NoticeSink`, which the connection keeps alive longer than libpq's handle.
let noticeReceiver: PQnoticeReceiver = { context, result in
    guard let context, let result else { return }
    guard let handler = Unmanaged<NoticeSink>.fromOpaque(context).takeUnretainedValue().handler else { return }
    if let text = PQresultErrorField(result, Int32(UInt8(ascii: "M"))) { handler(String(cString: text)) }
}
