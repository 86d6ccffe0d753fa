/** REST: comments below a pull request, and reactions to them. */
import type { Handlers } from './http.ts';
import type { IssueComment, PullRequest, User } from './model.ts';
import { issueCommentJson, reactionJson } from './render.ts';
import { actor, checkBody } from './rest-pulls.ts';
import { notFound, Refusal, type World } from './world.ts';

export function addIssueComment(world: World, pull: PullRequest, user: User, body: string): IssueComment {
  const comment: IssueComment = {
    id: world.id(),
    user,
    association: user === pull.user ? pull.association : 'NONE',
    body,
    createdAt: world.now(),
    updatedAt: world.now(),
    reactions: [],
    minimizedReason: null,
  };
  pull.issueComments.push(comment);
  return comment;
}

const find = (world: World, path: { readonly [name: string]: string }) =>
  world.issueComment(world.repository(path.owner!, path.repo!), Number(path.comment_id));

interface CommentBody {
  readonly body: string;
}

export const issueHandlers: Handlers = {
  'issues/list-comments': ({ world, path, page }) => {
    const pull = world.pullRequest(world.repository(path.owner!, path.repo!), Number(path.issue_number));
    const { items, headers } = page(pull.issueComments);
    return { headers, body: items.map((comment) => issueCommentJson(world, pull, comment)) };
  },

  'issues/create-comment': ({ world, path, body, identity }) => {
    const pull = world.pullRequest(world.repository(path.owner!, path.repo!), Number(path.issue_number));
    const { body: text } = body as CommentBody;
    checkBody(text);
    const comment = addIssueComment(world, pull, actor(identity), text);
    return { status: 201, body: issueCommentJson(world, pull, comment) };
  },

  'issues/get-comment': ({ world, path }) => {
    const { pull, comment } = find(world, path);
    return { body: issueCommentJson(world, pull, comment) };
  },

  'issues/update-comment': ({ world, path, body, identity }) => {
    const { pull, comment } = find(world, path);
    const { body: text } = body as CommentBody;
    checkBody(text);
    if (comment.user !== actor(identity)) throw new Refusal(403, 'Must have admin rights to Repository.');
    comment.body = text;
    comment.updatedAt = world.now();
    return { body: issueCommentJson(world, pull, comment) };
  },

  'reactions/list-for-issue-comment': ({ world, path, page }) => {
    const { items, headers } = page(find(world, path).comment.reactions);
    return { headers, body: items.map((reaction) => reactionJson(world, reaction)) };
  },

  /** The same reaction again is answered with 200 and the old one. */
  'reactions/create-for-issue-comment': ({ world, path, body, identity }) => {
    const { comment } = find(world, path);
    const { content } = body as { readonly content: string };
    const user = actor(identity);
    const old = comment.reactions.find((reaction) => reaction.user === user && reaction.content === content);
    if (old) return { body: reactionJson(world, old) };
    const reaction = { id: world.id(), user, content, createdAt: world.now() };
    comment.reactions.push(reaction);
    return { status: 201, body: reactionJson(world, reaction) };
  },

  'reactions/delete-for-issue-comment': ({ world, path, identity }) => {
    const { reactions } = find(world, path).comment;
    const index = reactions.findIndex((reaction) => reaction.id === Number(path.reaction_id));
    if (index < 0 || reactions[index]!.user !== actor(identity)) throw notFound();
    reactions.splice(index, 1);
    return { status: 204 };
  },
};
