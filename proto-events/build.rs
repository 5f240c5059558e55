//! Compiles `proto/` without protoc.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo:rerun-if-changed=proto");
    let files = ["auth", "users", "chats", "messages", "bots", "webhooks", "realtime"]
        .map(|f| format!("proto/parlance/v1/{f}.proto"));
    let set = protox::compile(files, ["proto"])?;
    prost_build::Config::new().compile_fds(set)?;
    Ok(())
}
